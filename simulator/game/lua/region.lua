-- What has a place on the screen: sizes, anchors, visibility; textures and texts.
local sim = ...
local state, fail = sim.state, sim.fail

local POINTS = {
  TOPLEFT = { 0, 1 }, TOP = { 0.5, 1 }, TOPRIGHT = { 1, 1 }, LEFT = { 0, 0.5 }, CENTER = { 0.5, 0.5 },
  RIGHT = { 1, 0.5 }, BOTTOMLEFT = { 0, 0 }, BOTTOM = { 0.5, 0 }, BOTTOMRIGHT = { 1, 0 },
}

local Region = sim.defineType("Region", "UIObject")

-- Left, bottom, width and height, as far as the anchors say.
local function rect(object, depth)
  local own = state(object)
  if own.screen then return 0, 0, own.width, own.height end
  if (depth or 0) > 30 then return end
  local width, height = own.width, own.height
  if own.type == "FontString" and width == 0 then width, height = 6 * strlenutf8(own.text or ""), 12 end
  local xs, ys = {}, {}
  for point, anchor in pairs(own.points) do
    local left, bottom, w, h = rect(anchor.to, (depth or 0) + 1)
    if left then
      local target, mine = POINTS[anchor.toPoint], POINTS[point]
      xs[mine[1]] = left + w * target[1] + anchor.x
      ys[mine[2]] = bottom + h * target[2] + anchor.y
    end
  end
  local function solve(at, size)
    if at[0] and at[1] then return at[0], at[1] - at[0] end
    if at[0] then return at[0], size end
    if at[1] then return at[1] - size, size end
    if at[0.5] then return at[0.5] - size / 2, size end
  end
  local left, w = solve(xs, width)
  local bottom, h = solve(ys, height)
  if left and bottom then return left, bottom, w, h end
end
sim.rect = rect

local function target(object, value)
  if type(value) == "string" then
    local found = _G[value]
    if not sim.isObject(found) then fail(object, "SetPoint", "Couldn't find region named '" .. value .. "'") end
    return found
  end
  return value
end

function Region:SetPoint(point, to, toPoint, x, y)
  point = strupper(tostring(point))
  if not POINTS[point] then fail(self, "SetPoint", "Unknown region point") end
  if type(to) == "number" then
    to, toPoint, x, y = nil, nil, to, toPoint
  elseif type(toPoint) == "number" then
    toPoint, x, y = nil, toPoint, x
  end
  to = target(self, to) or state(self).parent or UIParent
  if to == self then fail(self, "SetPoint", "trying to anchor to itself") end
  toPoint = toPoint and strupper(toPoint) or point
  if not POINTS[toPoint] then fail(self, "SetPoint", "Unknown region point") end
  state(self).points[point] = { to = to, toPoint = toPoint, x = x or 0, y = y or 0 }
end

function Region:SetAllPoints(to)
  to = target(self, to) or state(self).parent or UIParent
  self:ClearAllPoints()
  self:SetPoint("TOPLEFT", to, "TOPLEFT")
  self:SetPoint("BOTTOMRIGHT", to, "BOTTOMRIGHT")
end

function Region:ClearAllPoints() wipe(state(self).points) end

function Region:GetNumPoints()
  local count = 0
  for _ in pairs(state(self).points) do count = count + 1 end
  return count
end

function Region:GetPoint(wanted)
  local count = 0
  for point, anchor in pairs(state(self).points) do
    count = count + 1
    if point == wanted or count == (wanted or 1) then return point, anchor.to, anchor.toPoint, anchor.x, anchor.y end
  end
end

local function resized(object)
  if state(object).isRegion then return end
  sim.run(object, "OnSizeChanged", state(object).width, state(object).height)
end
function Region:SetWidth(width) state(self).width = width resized(self) end
function Region:SetHeight(height) state(self).height = height resized(self) end
function Region:SetSize(width, height)
  state(self).width, state(self).height = width, height
  resized(self)
end
function Region:GetWidth() return select(3, rect(self)) or state(self).width end
function Region:GetHeight() return select(4, rect(self)) or state(self).height end
function Region:GetSize() return self:GetWidth(), self:GetHeight() end
function Region:GetLeft() return (rect(self)) end
function Region:GetBottom() return (select(2, rect(self))) end
function Region:GetRect() return rect(self) end
function Region:GetRight()
  local left, _, width = rect(self)
  return left and left + width
end
function Region:GetTop()
  local _, bottom, _, height = rect(self)
  return bottom and bottom + height
end
function Region:GetCenter()
  local left, bottom, width, height = rect(self)
  if left then return left + width / 2, bottom + height / 2 end
end
function Region:SetParent(parent)
  if type(parent) == "string" then parent = _G[parent] end
  sim.reparent(self, parent)
end

function Region:IsShown() return not state(self).hidden and 1 or nil end
function Region:IsVisible()
  local object = self
  while object do
    local own = state(object)
    if own.hidden then return nil end
    if own.screen then return 1 end
    object = own.parent
  end
  return 1
end
function Region:Show() state(self).hidden = nil end
function Region:Hide() state(self).hidden = true end
function Region:IsMouseOver() return nil end
function Region:IsProtected() return nil end
function Region:CanChangeProtectedState() return 1 end
function Region:IsDragging() return nil end

-- ---------------------------------------------------------------- textures and texts
local Layered = sim.defineType("LayeredRegion", "Region")
function Layered:SetDrawLayer(layer) state(self).layer = layer end
function Layered:GetDrawLayer() return state(self).layer or "ARTWORK" end
function Layered:SetVertexColor(...) state(self).color = { ... } end

local Texture = sim.defineType("Texture", "LayeredRegion")
function Texture:GetVertexColor() return unpack(state(self).color or { 1, 1, 1, 1 }) end
function Texture:SetTexture(first, ...)
  state(self).texture = type(first) == "number" and "Color" or first
  return first and 1 or nil
end
function Texture:GetTexture() return state(self).texture end
for _, name in ipairs({ "SetTexCoord", "SetBlendMode", "SetDesaturated", "SetGradient", "SetGradientAlpha", "SetRotation" }) do
  Texture[name] = function() end
end
function Texture:GetTexCoord() return 0, 0, 0, 1, 1, 0, 1, 1 end

local FontInstance = { "SetShadowColor", "SetShadowOffset", "SetSpacing", "SetNonSpaceWrap", "SetWordWrap", "SetIndentedWordWrap" }
function sim.fontMethods(methods)
  for _, name in ipairs(FontInstance) do methods[name] = function() end end
  function methods:SetFont(path, height, flags)
    state(self).font = { path, height, flags or "" }
    return 1
  end
  function methods:GetFont() return unpack(state(self).font or {}) end
  function methods:SetFontObject(object)
    if type(object) == "string" then object = _G[object] end
    state(self).fontObject = object
    if object then state(self).font = state(object).font end
  end
  function methods:GetFontObject() return state(self).fontObject end
  function methods:SetTextColor(...) state(self).textColor = { ... } end
  function methods:GetTextColor() return unpack(state(self).textColor or { 1, 0.82, 0, 1 }) end
  function methods:SetJustifyH(side) state(self).justifyH = side end
  function methods:GetJustifyH() return state(self).justifyH or "CENTER" end
  function methods:SetJustifyV(side) state(self).justifyV = side end
  function methods:GetJustifyV() return state(self).justifyV or "MIDDLE" end
  function methods:GetSpacing() return 0 end
end

local Font = sim.defineType("Font", "UIObject")
sim.fontMethods(Font)
function Font:CopyFontObject(other)
  state(self).font = state(type(other) == "string" and _G[other] or other).font
end

local FontString = sim.defineType("FontString", "LayeredRegion")
sim.fontMethods(FontString)
function FontString:SetText(text)
  if not state(self).font then fail(self, "SetText", "Font not set") end
  state(self).text = text ~= nil and tostring(text) or nil
end
function FontString:SetFormattedText(...) self:SetText(format(...)) end
function FontString:GetText() return state(self).text end
function FontString:GetStringWidth() return 6 * strlenutf8(gsub(state(self).text or "", "|c%x%x%x%x%x%x%x%x", "")) end
function FontString:GetStringHeight() return 12 end
function FontString:SetTextHeight() end
function FontString:CanNonSpaceWrap() return 1 end
