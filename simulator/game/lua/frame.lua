-- Frames: tree, visibility, events, the frame loop.
local sim = ...
local state, fail = sim.state, sim.fail

local Frame = sim.defineType("Frame", "Region", [[OnLoad OnShow OnHide OnSizeChanged OnEvent OnUpdate OnEnter OnLeave OnMouseDown OnMouseUp OnMouseWheel OnKeyDown OnKeyUp OnChar
  OnDragStart OnDragStop OnReceiveDrag OnEnable OnDisable OnAttributeChanged]])
for name, method in pairs(sim.scriptMethods) do Frame[name] = method end

-- ---------------------------------------------------------------- tree and visibility
local function children(object)
  local own = state(object)
  own.children = own.children or {}
  return own.children
end

function sim.reparent(object, parent)
  local own = state(object)
  local list = own.isRegion and "regions" or "children"
  local function remove(from)
    for index, child in ipairs(from or {}) do
      if child == object then return tremove(from, index) end
    end
  end
  if own.parent then remove(state(own.parent)[list]) end
  own.parent = parent
  if parent then
    state(parent)[list] = state(parent)[list] or {}
    tinsert(state(parent)[list], object)
  end
end

-- Tells a frame and what it holds that it became visible or not, children first as the client does for OnShow's order.
local function announce(object, script)
  sim.updateTicking(object)
  if script == "OnHide" and sim.focus == object then object:ClearFocus() end
  sim.run(object, script)
  for _, child in ipairs({ unpack(children(object)) }) do
    if not state(child).hidden then announce(child, script) end
  end
end

function Frame:Show()
  local own = state(self)
  if not own.hidden then return end
  own.hidden = nil
  if self:IsVisible() then announce(self, "OnShow") end
end

function Frame:Hide()
  local own = state(self)
  if own.hidden then return end
  local visible = self:IsVisible()
  own.hidden = true
  if visible then announce(self, "OnHide") end
end

function Frame:GetChildren() return unpack(children(self)) end
function Frame:GetNumChildren() return #children(self) end
function Frame:GetRegions() return unpack(state(self).regions or {}) end
function Frame:GetNumRegions() return #(state(self).regions or {}) end

local function addRegion(frame, typeName, name, layer)
  if name then name = gsub(name, "%$parent", state(frame).name or "") end
  local region = sim.newObject(typeName, name)
  local own = state(region)
  own.isRegion, own.layer = true, layer
  sim.reparent(region, frame)
  return region
end

function Frame:CreateTexture(name, layer) return addRegion(self, "Texture", name, layer) end

function Frame:CreateFontString(name, layer, template)
  local text = addRegion(self, "FontString", name, layer)
  if template then
    local font = _G[template]
    if not sim.isObject(font) then fail(self, "CreateFontString", "Couldn't find inherited node \"" .. tostring(template) .. "\"") end
    text:SetFontObject(font)
  end
  return text
end

-- ---------------------------------------------------------------- plain attributes
local PLAIN = {
  SetID = "GetID", SetFrameStrata = "GetFrameStrata", SetFrameLevel = "GetFrameLevel", SetScale = "GetScale",
  SetBackdrop = "GetBackdrop", SetHitRectInsets = "GetHitRectInsets", SetClampRectInsets = "GetClampRectInsets",
}
local DEFAULTS = { GetID = 0, GetFrameStrata = "MEDIUM", GetFrameLevel = 1, GetScale = 1 }
for setter, getter in pairs(PLAIN) do
  Frame[setter] = function(self, value) state(self)[getter] = value end
  Frame[getter] = function(self) return state(self)[getter] or DEFAULTS[getter] end
end
local FLAGS = {
  SetToplevel = "IsToplevel", SetMovable = "IsMovable", SetResizable = "IsResizable", EnableMouse = "IsMouseEnabled",
  EnableMouseWheel = "IsMouseWheelEnabled", EnableKeyboard = "IsKeyboardEnabled", SetUserPlaced = "IsUserPlaced",
  SetClampedToScreen = "IsClampedToScreen",
}
for setter, getter in pairs(FLAGS) do
  Frame[setter] = function(self, value) state(self)[getter] = value and value ~= 0 end
  Frame[getter] = function(self) return state(self)[getter] and 1 or nil end
end
for _, name in ipairs({
  "Raise", "Lower", "SetBackdropColor", "SetBackdropBorderColor", "RegisterForDrag", "StartMoving", "StopMovingOrSizing",
  "StartSizing", "SetMinResize", "SetMaxResize", "SetDepth", "IgnoreDepth", "AllowAttributeChanges", "EnableDrawLayer",
  "DisableDrawLayer",
}) do
  Frame[name] = function() end
end
function Frame:GetEffectiveScale()
  local parent = state(self).parent
  return (state(self).GetScale or 1) * (parent and parent:GetEffectiveScale() or 1)
end
function Frame:GetEffectiveAlpha() return self:GetAlpha() end
function Frame:GetBackdropColor() return 1, 1, 1, 1 end
function Frame:SetAttribute(name, value)
  local own = state(self)
  own.attributes = own.attributes or {}
  own.attributes[name] = value
  sim.run(self, "OnAttributeChanged", name, value)
end
function Frame:GetAttribute(name) return (state(self).attributes or {})[name] end

-- ---------------------------------------------------------------- events
local listeners = {}

function Frame:RegisterEvent(name)
  if type(name) ~= "string" then error("Usage: RegisterEvent(\"event\")", 2) end
  name = strupper(name)
  if not sim.knownEvents[name] or state(self).events[name] then return end
  state(self).events[name] = true
  listeners[name] = listeners[name] or {}
  tinsert(listeners[name], self)
end

function Frame:UnregisterEvent(name)
  name = strupper(name)
  if not state(self).events[name] then return end
  state(self).events[name] = nil
  for index, frame in ipairs(listeners[name]) do
    if frame == self then return tremove(listeners[name], index) and nil end
  end
end

function Frame:UnregisterAllEvents()
  for name in pairs(CopyTable(state(self).events)) do self:UnregisterEvent(name) end
end
function Frame:RegisterAllEvents()
  for name in pairs(sim.knownEvents) do self:RegisterEvent(name) end
end
function Frame:IsEventRegistered(name) return state(self).events[strupper(name)] and 1 or nil end

function GetFramesRegisteredForEvent(name) return unpack(listeners[name] or {}) end

function sim.fire(name, ...)
  for _, frame in ipairs({ unpack(listeners[name] or {}) }) do
    if state(frame).events[name] then sim.run(frame, "OnEvent", name, ...) end
  end
end

-- ---------------------------------------------------------------- the frame loop
local ticking, order = {}, 0

function sim.updateTicking(object)
  local own = state(object)
  if not own.scripts.onupdate then
    ticking[object] = nil
  elseif not ticking[object] then
    order = order + 1
    ticking[object] = order
  end
end

sim.changedBoxes = {}

-- One rendered frame: OnUpdate of all that is visible, then the edit boxes tell of changed texts.
function sim.step(elapsed)
  local due = {}
  for frame in pairs(ticking) do
    if frame:IsVisible() then due[#due + 1] = frame end
  end
  sort(due, function(a, b) return ticking[a] < ticking[b] end)
  for _, frame in ipairs(due) do
    if ticking[frame] and frame:IsVisible() then sim.run(frame, "OnUpdate", elapsed) end
  end
  local changed = {}
  for box, how in pairs(sim.changedBoxes) do
    if box:IsVisible() then changed[box] = how end
  end
  for box, how in pairs(changed) do
    sim.changedBoxes[box] = nil
    sim.run(box, "OnTextChanged", how == "user")
  end
end

-- ---------------------------------------------------------------- making frames
sim.templates = {}

function sim.createFrame(typeName, name, parent, templates)
  local definition
  for key, candidate in pairs(sim.types) do
    if strlower(key) == strlower(typeName) then definition = candidate end
  end
  if not definition or not definition.methods.RegisterEvent then
    error("CreateFrame: Unknown frame type '" .. tostring(typeName) .. "'", 3)
  end
  if type(parent) == "string" then parent = _G[parent] end
  if name then name = gsub(name, "%$parent", parent and state(parent).name or "") end
  local frame = sim.newObject(definition.name, name)
  state(frame).GetFrameLevel = parent and parent:GetFrameLevel() + 1 or 0
  local ancestor = definition
  while ancestor do
    if ancestor.initialize then ancestor.initialize(frame) end
    ancestor = sim.types[ancestor.parent]
  end
  sim.reparent(frame, parent)
  for template in string.gmatch(templates or "", "[^%s,]+") do
    local apply = sim.templates[template]
    if not apply then error("CreateFrame(): Couldn't find inherited node \"" .. template .. "\"", 3) end
    apply(frame, name)
  end
  sim.run(frame, "OnLoad")
  return frame
end

function CreateFrame(typeName, name, parent, templates)
  if type(typeName) ~= "string" then error("Usage: CreateFrame(\"frameType\" [, \"name\"] [, parent] [, \"template\"] [, id])", 2) end
  return sim.createFrame(typeName, name, parent, templates)
end

function EnumerateFrames() return nil end
function GetMouseFocus() return WorldFrame end
