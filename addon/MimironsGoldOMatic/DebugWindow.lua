-- DebugWindow: the last lines of Debug and the state of the bridge, for a streamer who is asked what happened.

local _, ns = ...
local L, Debug, LogFile = ns.L, ns.Debug, ns.LogFile
local DebugWindow = {}
ns.DebugWindow = DebugWindow

local SHOWN_LINES = 24

local frame, state, list

local function create()
  frame = CreateFrame("Frame", nil, UIParent)
  frame:SetWidth(520)
  frame:SetHeight(400)
  frame:SetPoint("CENTER")
  frame:SetToplevel(true)
  frame:SetMovable(true)
  frame:EnableMouse(true)
  frame:RegisterForDrag("LeftButton")
  frame:SetScript("OnDragStart", frame.StartMoving)
  frame:SetScript("OnDragStop", frame.StopMovingOrSizing)
  frame:SetBackdrop({
    bgFile = "Interface\\DialogFrame\\UI-DialogBox-Background",
    edgeFile = "Interface\\DialogFrame\\UI-DialogBox-Border",
    tile = true,
    tileSize = 32,
    edgeSize = 32,
    insets = { left = 11, right = 12, top = 12, bottom = 11 },
  })
  local title = frame:CreateFontString(nil, "OVERLAY", "GameFontNormalLarge")
  title:SetPoint("TOPLEFT", frame, "TOPLEFT", 20, -18)
  title:SetText(L.DEBUG_TITLE)
  state = frame:CreateFontString(nil, "OVERLAY", "GameFontHighlightSmall")
  state:SetPoint("TOPLEFT", title, "BOTTOMLEFT", 0, -6)
  list = frame:CreateFontString(nil, "OVERLAY", "GameFontHighlightSmall")
  list:SetPoint("TOPLEFT", state, "BOTTOMLEFT", 0, -10)
  list:SetWidth(480)
  list:SetJustifyH("LEFT")
  list:SetJustifyV("TOP")
  local close = CreateFrame("Button", nil, frame, "UIPanelCloseButton")
  close:SetPoint("TOPRIGHT", frame, "TOPRIGHT", -6, -6)
  close:SetScript("OnClick", function()
    frame:Hide()
  end)
  frame:Hide()
end

local function update()
  if not frame or not frame:IsShown() then
    return
  end
  local key = ns.db.key and L.KNOWN or L.UNKNOWN_KEY
  state:SetText(L.DEBUG_STATE:format(ns.version, LogFile.mode().transport, LogFile.mode().flush, key))
  local from = math.max(1, #Debug.lines - SHOWN_LINES + 1)
  list:SetText(table.concat(Debug.lines, "\n", from))
end

--- Shows the window, or hides it.
function DebugWindow.toggle()
  if not frame then
    create()
  end
  if frame:IsShown() then
    frame:Hide()
  else
    frame:Show()
    update()
  end
end

ns.listen("DEBUG", update)
