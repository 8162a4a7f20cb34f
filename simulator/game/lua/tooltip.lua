-- Tooltips. Lines are font strings <name>TextLeftN and <name>TextRightN, made as they are needed and reused.
local sim = ...
local host = sim.host
local state = sim.state

local Tooltip = sim.defineType("GameTooltip", "Frame", "OnTooltipSetItem OnTooltipSetUnit OnTooltipSetSpell OnTooltipCleared OnTooltipAddMoney OnTooltipSetDefaultAnchor")

local function line(self, index)
  local name = self:GetName()
  local own = state(self)
  own.lines = own.lines or {}
  if not own.lines[index] then
    if not name then error("GameTooltip: a tooltip without a name has no lines", 3) end
    local left = _G[name .. "TextLeft" .. index] or self:CreateFontString(name .. "TextLeft" .. index, "ARTWORK", "GameTooltipText")
    local right = _G[name .. "TextRight" .. index] or self:CreateFontString(name .. "TextRight" .. index, "ARTWORK", "GameTooltipText")
    own.lines[index] = { left = left, right = right }
  end
  return own.lines[index]
end

local function add(self, left, right)
  local own = state(self)
  own.count = (own.count or 0) + 1
  local fonts = line(self, own.count)
  fonts.left:SetText(left)
  fonts.left:Show()
  fonts.right:SetText(right)
  if right then fonts.right:Show() else fonts.right:Hide() end
end

function Tooltip:SetOwner(owner, anchor)
  if not sim.isObject(owner) then error("Usage: GameTooltip:SetOwner(\"frame\"[, \"anchor\" ...])", 2) end
  local own = state(self)
  own.owner, own.anchor = owner, anchor
  self:ClearLines()
  self:Hide()
end
function Tooltip:GetOwner() return state(self).owner end
function Tooltip:IsOwned(frame) return state(self).owner == frame and 1 or nil end
function Tooltip:GetAnchorType() return state(self).anchor end
function Tooltip:SetAnchorType(anchor) state(self).anchor = anchor end

function Tooltip:ClearLines()
  local own = state(self)
  for _, fonts in ipairs(own.lines or {}) do
    fonts.left:SetText(nil)
    fonts.right:SetText(nil)
  end
  own.count, own.link, own.itemName = 0, nil, nil
  sim.run(self, "OnTooltipCleared")
end
function Tooltip:NumLines() return state(self).count or 0 end
function Tooltip:SetText(text)
  self:ClearLines()
  add(self, text)
  self:Show()
end
function Tooltip:AddLine(text) add(self, text) end
function Tooltip:AddDoubleLine(left, right) add(self, left, right) end
function Tooltip:AddTexture() end
function Tooltip:AddFontStrings(left, right)
  local own = state(self)
  own.lines = own.lines or {}
  tinsert(own.lines, { left = left, right = right })
end
function Tooltip:AppendText(text)
  local fonts = line(self, max(1, self:NumLines()))
  fonts.left:SetText((fonts.left:GetText() or "") .. text)
end
function Tooltip:SetPadding() end
function Tooltip:SetMinimumWidth() end
function Tooltip:FadeOut() self:Hide() end
function Tooltip:GetItem() return state(self).itemName, state(self).link end
function Tooltip:GetUnit() return nil end
function Tooltip:GetSpell() return nil end

-- Without an owner a tooltip shows nothing.
local function showItem(self, link, ...)
  self:ClearLines()
  if not state(self).owner then return end
  for index = 1, select("#", ...) do add(self, (select(index, ...))) end
  local own = state(self)
  own.link, own.itemName = link, (...)
  if own.count == 0 then return end
  self:Show()
  sim.run(self, "OnTooltipSetItem")
end

function Tooltip:SetBagItem(bag, slot)
  showItem(self, host.bag_link(bag, slot), host.bag_tooltip(bag, slot))
  return nil, 0
end
function Tooltip:SetHyperlink(link)
  local name = GetItemInfo(link)
  showItem(self, link, name)
end
function Tooltip:SetSendMailItem(index)
  local name = GetSendMailItem(index)
  showItem(self, GetSendMailItemLink(index), name)
end
function Tooltip:SetInventoryItem() return nil end
function Tooltip:SetUnit() return nil end

sim.templates.GameTooltipTemplate = function(frame, name)
  for index = 1, 8 do line(frame, index) end
  if name then frame:CreateTexture(name .. "Texture1") end
  frame:Hide()
end
sim.templates.ShoppingTooltipTemplate = sim.templates.GameTooltipTemplate
GameTooltip = sim.createFrame("GameTooltip", "GameTooltip", UIParent, "GameTooltipTemplate")
ItemRefTooltip = sim.createFrame("GameTooltip", "ItemRefTooltip", UIParent, "GameTooltipTemplate")
function GameTooltip_SetDefaultAnchor(tooltip, parent) tooltip:SetOwner(parent, "ANCHOR_NONE") end
function GameTooltip_Hide() GameTooltip:Hide() end
function GameTooltip_AddNewbieTip(frame, text)
  GameTooltip:SetOwner(frame, "ANCHOR_RIGHT")
  GameTooltip:SetText(text)
end
function SetItemRef() end
