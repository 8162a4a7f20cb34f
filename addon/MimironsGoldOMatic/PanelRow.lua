-- PanelRow: one line of the panel's list: who, what, and how it stands, in words.

local _, ns = ...
local L = ns.L
local PanelRow = {}
ns.PanelRow = PanelRow

PanelRow.height = 30

local COPPER_PER_GOLD = 10000
local COLOURS = {
  WAITING = { 0.73, 0.66, 0.55 },
  READY = { 0.91, 0.71, 0.33 },
  ARMED = { 1.00, 0.82, 0.00 },
  PROCESSING = { 0.55, 0.74, 0.88 },
  SENT = { 0.50, 0.80, 0.63 },
  UNKNOWN = { 0.95, 0.56, 0.50 },
}

--- What a row's mail holds, in words.
function PanelRow.contents(row)
  if row.kind == "gift" then
    local name = row.item.name
    if not name or name == "" then
      name = L.ITEM:format(row.item.itemId)
    end
    return L.GIFT:format(name, row.item.count)
  end
  return L.GOLD:format(math.floor(row.copper / COPPER_PER_GOLD))
end

local function explain(line)
  local row = line.row
  if row then
    GameTooltip:SetOwner(line, "ANCHOR_RIGHT")
    GameTooltip:SetText(row.name)
    GameTooltip:AddLine(PanelRow.contents(row), 1, 1, 1)
    GameTooltip:AddLine(L[row.status .. "_HINT"], 0.73, 0.66, 0.55, 1)
    GameTooltip:Show()
  end
end

--- Makes a line; `onClick(row)` when it is chosen.
function PanelRow.create(parent, width, onClick)
  local line = CreateFrame("Button", nil, parent)
  line:SetWidth(width)
  line:SetHeight(PanelRow.height)
  line:SetHighlightTexture("Interface\\QuestFrame\\UI-QuestTitleHighlight", "ADD")
  line.chosen = line:CreateTexture(nil, "BACKGROUND")
  line.chosen:SetTexture("Interface\\QuestFrame\\UI-QuestLogTitleHighlight")
  line.chosen:SetVertexColor(0.84, 0.60, 0.17)
  line.chosen:SetAllPoints(line)
  line.chosen:SetBlendMode("ADD")
  line.name = line:CreateFontString(nil, "ARTWORK", "GameFontHighlight")
  line.name:SetPoint("TOPLEFT", line, "TOPLEFT", 8, -3)
  line.contents = line:CreateFontString(nil, "ARTWORK", "GameFontNormalSmall")
  line.contents:SetPoint("BOTTOMLEFT", line, "BOTTOMLEFT", 8, 2)
  line.contents:SetWidth(width - 100)
  line.contents:SetJustifyH("LEFT")
  line.status = line:CreateFontString(nil, "ARTWORK", "GameFontNormalSmall")
  line.status:SetPoint("RIGHT", line, "RIGHT", -8, 0)
  line:SetScript("OnClick", function()
    onClick(line.row)
  end)
  line:SetScript("OnEnter", explain)
  line:SetScript("OnLeave", function()
    GameTooltip:Hide()
  end)
  return line
end

--- Shows a row in a line, or nothing.
function PanelRow.show(line, row, isChosen, isArmed)
  line.row = row
  if not row then
    line:Hide()
    return
  end
  local state = isArmed and "ARMED" or row.status
  line.name:SetText(row.name)
  line.contents:SetText(PanelRow.contents(row))
  line.status:SetText(L[state])
  line.status:SetTextColor(unpack(COLOURS[state]))
  if isChosen then
    line.chosen:Show()
  else
    line.chosen:Hide()
  end
  line:Show()
end
