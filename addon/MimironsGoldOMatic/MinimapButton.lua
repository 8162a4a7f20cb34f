-- MinimapButton: the gear at the minimap's rim. Click: the queue; right click: what happened; drag: elsewhere on the rim.

local _, ns = ...
local L = ns.L

local RADIUS = 80

local button

local function place()
  local angle = math.rad(ns.db.minimap)
  button:ClearAllPoints()
  button:SetPoint("CENTER", Minimap, "CENTER", RADIUS * math.cos(angle), RADIUS * math.sin(angle))
end

local function follow()
  local centreX, centreY = Minimap:GetCenter()
  local x, y = GetCursorPosition()
  local scale = UIParent:GetEffectiveScale()
  ns.db.minimap = math.deg(math.atan2(y / scale - centreY, x / scale - centreX)) % 360
  place()
end

local function countRows()
  local counts = { READY = 0, WAITING = 0 }
  for _, row in ipairs(ns.Mail.queue.data.rows) do
    counts[row.status] = (counts[row.status] or 0) + 1
  end
  return counts.READY, counts.WAITING
end

local function explain()
  GameTooltip:SetOwner(button, "ANCHOR_LEFT")
  GameTooltip:SetText(L.TITLE)
  GameTooltip:AddLine(L.MINIMAP_READY:format(countRows()), 1, 1, 1)
  GameTooltip:AddLine(L.MINIMAP_LEFT)
  GameTooltip:AddLine(L.MINIMAP_RIGHT)
  GameTooltip:AddLine(L.MINIMAP_DRAG)
  GameTooltip:Show()
end

local function create()
  button = CreateFrame("Button", nil, Minimap)
  button:SetWidth(31)
  button:SetHeight(31)
  button:SetFrameStrata("MEDIUM")
  button:SetFrameLevel(8)
  button:SetHighlightTexture("Interface\\Minimap\\UI-Minimap-ZoomButton-Highlight")
  local icon = button:CreateTexture(nil, "BACKGROUND")
  icon:SetTexture(ns.icon)
  icon:SetWidth(20)
  icon:SetHeight(20)
  icon:SetPoint("TOPLEFT", button, "TOPLEFT", 7, -5)
  local border = button:CreateTexture(nil, "OVERLAY")
  border:SetTexture("Interface\\Minimap\\MiniMap-TrackingBorder")
  border:SetWidth(53)
  border:SetHeight(53)
  border:SetPoint("TOPLEFT")
  button:RegisterForClicks("LeftButtonUp", "RightButtonUp")
  button:RegisterForDrag("LeftButton")
  button:SetScript("OnClick", function(_, mouseButton)
    if mouseButton == "RightButton" then
      ns.DebugWindow.toggle()
    else
      ns.Panel.toggle()
    end
  end)
  button:SetScript("OnEnter", explain)
  button:SetScript("OnLeave", function()
    GameTooltip:Hide()
  end)
  button:SetScript("OnDragStart", function()
    button:SetScript("OnUpdate", follow)
  end)
  button:SetScript("OnDragStop", function()
    button:SetScript("OnUpdate", nil)
  end)
  ns.minimapButton = button
  place()
end

ns.listen("LOGIN", create)
