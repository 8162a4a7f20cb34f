-- Slash: /mgm.

local _, ns = ...
local L = ns.L

SLASH_MIMIRONSGOLDOMATIC1 = "/mgm"

SlashCmdList["MIMIRONSGOLDOMATIC"] = function(text)
  local word = strtrim(text or ""):lower()
  if word == "" then
    ns.Panel.toggle()
  elseif word == "debug" then
    ns.DebugWindow.toggle()
  elseif word == "update" then
    ns.Updates.ask()
    ns.Toasts.show(L.UPDATE_ASKED, "info")
  else
    DEFAULT_CHAT_FRAME:AddMessage(L.HELP)
  end
end
