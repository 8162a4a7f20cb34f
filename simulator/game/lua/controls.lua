-- Buttons, check buttons, sliders, status bars, scroll frames.
local sim = ...
local state = sim.state

local Button = sim.defineType("Button", "Frame", "OnClick OnDoubleClick PreClick PostClick")

function sim.types.Button.initialize(self) state(self).clicks = { LeftButtonUp = true } end

function Button:Enable()
  local was = state(self).disabled
  state(self).disabled = nil
  if was then sim.run(self, "OnEnable") end
end
function Button:Disable()
  local was = state(self).disabled
  state(self).disabled = true
  if not was then sim.run(self, "OnDisable") end
end
-- A number, and 0 is true in Lua.
function Button:IsEnabled() return state(self).disabled and 0 or 1 end

function Button:Click(button, down)
  if state(self).disabled then return end
  button = button or "LeftButton"
  sim.run(self, "PreClick", button, down)
  if state(self).type == "CheckButton" then self:SetChecked(not state(self).checked) end
  sim.run(self, "OnClick", button, down)
  sim.run(self, "PostClick", button, down)
end

-- The mouse over a visible button of the screen.
function sim.clickButton(button, which)
  if not button:IsVisible() or state(button).disabled then return false end
  which = which or "LeftButton"
  sim.run(button, "OnEnter")
  sim.run(button, "OnMouseDown", which)
  sim.run(button, "OnMouseUp", which)
  if state(button).clicks[which .. "Up"] or state(button).clicks[which .. "Down"] or state(button).clicks.AnyUp then
    button:Click(which)
  end
  sim.run(button, "OnLeave")
  return true
end

function Button:RegisterForClicks(...)
  local clicks = {}
  for index = 1, select("#", ...) do clicks[(select(index, ...))] = true end
  state(self).clicks = clicks
end

local function fontString(self)
  local own = state(self)
  if not own.fontString then
    own.fontString = self:CreateFontString(own.name and own.textName, "ARTWORK", own.normalFont or "GameFontNormal")
  end
  return own.fontString
end
function Button:SetText(text)
  fontString(self):SetText(text)
end
function Button:SetFormattedText(...) self:SetText(format(...)) end
function Button:GetText() return state(self).fontString and state(self).fontString:GetText() end
function Button:SetFontString(text) state(self).fontString = text end
function Button:GetFontString() return state(self).fontString end
function Button:GetTextWidth() return state(self).fontString and state(self).fontString:GetStringWidth() or 0 end
function Button:GetTextHeight() return 12 end

for _, kind in ipairs({ "Normal", "Pushed", "Highlight", "Disabled", "Checked", "DisabledChecked" }) do
  local target = (kind == "Checked" or kind == "DisabledChecked") and "CheckButton" or "Button"
  local methods = target == "Button" and Button or nil
  local function setter(self, texture)
    local own = state(self)
    if type(texture) == "table" then
      own["texture" .. kind] = texture
      return
    end
    own["texture" .. kind] = own["texture" .. kind] or self:CreateTexture()
    own["texture" .. kind]:SetTexture(texture)
  end
  local function getter(self) return state(self)["texture" .. kind] end
  if methods then
    methods["Set" .. kind .. "Texture"], methods["Get" .. kind .. "Texture"] = setter, getter
  else
    sim.checkTextures = sim.checkTextures or {}
    sim.checkTextures["Set" .. kind .. "Texture"], sim.checkTextures["Get" .. kind .. "Texture"] = setter, getter
  end
end
for _, kind in ipairs({ "Normal", "Highlight", "Disabled" }) do
  Button["Set" .. kind .. "FontObject"] = function(self, font)
    state(self)[strlower(kind) .. "Font"] = type(font) == "table" and font:GetName() or font
  end
  Button["Get" .. kind .. "FontObject"] = function(self) return _G[state(self)[strlower(kind) .. "Font"] or ""] end
end
for _, name in ipairs({ "SetPushedTextOffset", "SetButtonState" }) do Button[name] = function() end end
function Button:GetButtonState() return state(self).disabled and "DISABLED" or "NORMAL" end
function Button:LockHighlight() state(self).highlight = true end
function Button:UnlockHighlight() state(self).highlight = nil end

local CheckButton = sim.defineType("CheckButton", "Button")
for name, method in pairs(sim.checkTextures) do CheckButton[name] = method end
function CheckButton:SetChecked(value) state(self).checked = value and value ~= 0 or nil end
function CheckButton:GetChecked() return state(self).checked and 1 or nil end

-- ---------------------------------------------------------------- values
local function valued(name, scripts)
  local methods = sim.defineType(name, "Frame", scripts)
  sim.types[name].initialize = function(self)
    local own = state(self)
    own.minimum, own.maximum, own.value, own.step = 0, 0, 0, 0
  end
  function methods:SetMinMaxValues(minimum, maximum)
    local own = state(self)
    own.minimum, own.maximum = minimum, maximum
    sim.run(self, "OnMinMaxChanged", minimum, maximum)
    if own.hasValue then self:SetValue(own.value) end
  end
  function methods:GetMinMaxValues() return state(self).minimum, state(self).maximum end
  function methods:SetValue(value)
    local own = state(self)
    value = max(own.minimum, min(own.maximum, value))
    if own.step > 0 then value = own.minimum + floor((value - own.minimum) / own.step + 0.5) * own.step end
    local changed = not own.hasValue or own.value ~= value
    own.value, own.hasValue = value, true
    if changed then sim.run(self, "OnValueChanged", value) end
  end
  function methods:GetValue() return state(self).value end
  function methods:SetOrientation(value) state(self).orientation = value end
  function methods:GetOrientation() return state(self).orientation or "VERTICAL" end
  return methods
end

local Slider = valued("Slider", "OnValueChanged OnMinMaxChanged")
function Slider:SetValueStep(step) state(self).step = step end
function Slider:GetValueStep() return state(self).step end
function Slider:Enable() state(self).disabled = nil end
function Slider:Disable() state(self).disabled = true end
function Slider:IsEnabled() return state(self).disabled and 0 or 1 end
function Slider:SetThumbTexture(texture)
  state(self).thumb = type(texture) == "table" and texture or self:CreateTexture()
end
function Slider:GetThumbTexture() return state(self).thumb end

local StatusBar = valued("StatusBar", "OnValueChanged OnMinMaxChanged")
function StatusBar:SetStatusBarColor(...) state(self).barColor = { ... } end
function StatusBar:GetStatusBarColor() return unpack(state(self).barColor or { 1, 1, 1, 1 }) end
function StatusBar:SetStatusBarTexture(texture)
  state(self).barTexture = type(texture) == "table" and texture or self:CreateTexture()
end
function StatusBar:GetStatusBarTexture() return state(self).barTexture end

-- ---------------------------------------------------------------- scroll frames
local ScrollFrame = sim.defineType("ScrollFrame", "Frame", "OnHorizontalScroll OnVerticalScroll OnScrollRangeChanged")
function ScrollFrame:SetScrollChild(child)
  if type(child) == "string" then child = _G[child] end
  state(self).scrollChild = child
  if child then sim.reparent(child, self) end
end
function ScrollFrame:GetScrollChild() return state(self).scrollChild end
function ScrollFrame:SetVerticalScroll(offset)
  state(self).vertical = offset
  sim.run(self, "OnVerticalScroll", offset)
end
function ScrollFrame:GetVerticalScroll() return state(self).vertical or 0 end
function ScrollFrame:SetHorizontalScroll(offset)
  state(self).horizontal = offset
  sim.run(self, "OnHorizontalScroll", offset)
end
function ScrollFrame:GetHorizontalScroll() return state(self).horizontal or 0 end
function ScrollFrame:GetVerticalScrollRange()
  local child = state(self).scrollChild
  return child and max(0, child:GetHeight() - self:GetHeight()) or 0
end
function ScrollFrame:GetHorizontalScrollRange() return 0 end
function ScrollFrame:UpdateScrollChildRect()
  sim.run(self, "OnScrollRangeChanged", 0, self:GetVerticalScrollRange())
end
