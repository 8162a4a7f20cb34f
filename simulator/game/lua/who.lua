-- /who: the question, the window that opens itself, and the slash command.
local sim = ...
local host = sim.host

MAX_WHOS_FROM_SERVER = 50
WHOS_TO_DISPLAY = 17

function SendWho(query)
  if type(query) ~= "string" and type(query) ~= "number" then error("Usage: SendWho(\"filter\")", 2) end
  host.send_who(tostring(query))
end
function SetWhoToUI(value) host.who_to_window(value and value ~= 0 and true or false) end
function GetNumWhoResults() return host.who_count() end
function GetWhoInfo(index) return host.who_row(index) end
function SortWho() end

FriendsFrame = sim.createFrame("Frame", "FriendsFrame", UIParent)
FriendsFrame:Hide()
UIPanelWindows.FriendsFrame = { area = "left", pushable = 0, whileDead = 1 }
local whoFrame = sim.createFrame("Frame", "WhoFrame", FriendsFrame)
whoFrame:Hide()
WhoFrameEditBox = sim.createFrame("EditBox", "WhoFrameEditBox", whoFrame)
WhoFrameEditBox:SetAutoFocus(false)
SetWhoToUI(0)
whoFrame:SetScript("OnShow", function() SetWhoToUI(1) end)
whoFrame:SetScript("OnHide", function() SetWhoToUI(0) end)

function WhoList_Update()
  FriendsFrame.shownWhos = GetNumWhoResults()
  PanelTemplates_SetTab(FriendsFrame, 2)
  whoFrame:Show()
  ShowUIPanel(FriendsFrame)
end
FriendsFrame:RegisterEvent("FRIENDLIST_UPDATE")
FriendsFrame:RegisterEvent("WHO_LIST_UPDATE")
FriendsFrame:SetScript("OnEvent", function(_, name)
  if name == "WHO_LIST_UPDATE" then WhoList_Update() end
end)

function ToggleFriendsFrame()
  if FriendsFrame:IsShown() then return HideUIPanel(FriendsFrame) end
  ShowUIPanel(FriendsFrame)
end
function ShowWhoPanel()
  ShowUIPanel(FriendsFrame)
  whoFrame:Show()
end
function WhoFrame_GetDefaultWhoCommand() return WHO_TAG_ZONE .. "\"" .. GetRealZoneText() .. "\" 70-80" end

function sim.slashWho(text)
  if text == "" then
    text = WhoFrame_GetDefaultWhoCommand()
    ShowWhoPanel()
  end
  WhoFrameEditBox:SetText(text)
  SendWho(text)
end
