-- What each file may touch of the 3.3.5a client (Interface 30300). A name that is not here does not exist for that file,
-- so a call that this client lacks (C_Timer, C_Mail, Mixin…) fails the lint instead of the streamer. The same lists are
-- read by addon.test.ts, which checks the compiled files against them.

std = "lua51"
max_line_length = 131
max_string_line_length = false
codes = true
self = false

read_globals = {}

-- The client has neither files nor processes, whatever Lua 5.1 offers.
not_globals = { "io", "os", "require", "module", "package", "dofile", "loadfile", "load", "collectgarbage", "arg" }

files = {}

files["MimironsGoldOMatic/Bags.lua"] = {
  read_globals = {
    "CreateFrame",
    "GameFontNormal",
    "GetContainerItemInfo",
    "GetItemInfo",
    "GetContainerItemLink",
    "GetContainerItemQuestInfo",
    "GetContainerNumSlots",
    "ITEM_ACCOUNTBOUND",
    "ITEM_BIND_ON_PICKUP",
    "ITEM_BIND_QUEST",
    "ITEM_BIND_TO_ACCOUNT",
    "ITEM_CONJURED",
    "ITEM_DURATION_DAYS",
    "ITEM_DURATION_HOURS",
    "ITEM_DURATION_MIN",
    "ITEM_DURATION_SEC",
    "ITEM_SOULBOUND",
    "REFUND_TIME_REMAINING",
    "UIParent",
  },
}

files["MimironsGoldOMatic/ChatFilter.lua"] = {
  read_globals = { "ChatFrame_AddMessageEventFilter" },
}

files["MimironsGoldOMatic/Core.lua"] = {
  globals = { "MimironsGoldOMaticDB" },
  read_globals = { "CreateFrame", "GetRealmName", "GetTime", "UnitName", "geterrorhandler", "time" },
}

files["MimironsGoldOMatic/Debug.lua"] = {
  read_globals = { "date" },
}

files["MimironsGoldOMatic/DebugWindow.lua"] = {
  read_globals = { "CreateFrame", "UIParent" },
}

files["MimironsGoldOMatic/Handshake.lua"] = {
  read_globals = { "CHAT_WHISPER_GET", "GetLocale", "time" },
}

files["MimironsGoldOMatic/Locales/ruRU.lua"] = {
  read_globals = { "GetLocale" },
}

files["MimironsGoldOMatic/LogFile.lua"] = {
  read_globals = { "DEFAULT_CHAT_FRAME", "LoggingChat", "NUM_CHAT_WINDOWS", "SendSystemMessage", "time" },
}

files["MimironsGoldOMatic/LogPosition.lua"] = {
  read_globals = { "CHAT_WHISPER_GET", "CHAT_WHISPER_INFORM_GET", "date" },
}

files["MimironsGoldOMatic/Mail.lua"] = {
  globals = { "SendMail" },
  read_globals = { "GetMoney", "hooksecurefunc", "time" },
}

files["MimironsGoldOMatic/MailForm.lua"] = {
  read_globals = {
    "ClearCursor",
    "ClickSendMailItemButton",
    "GetSendMailCOD",
    "GetSendMailItem",
    "GetSendMailItemLink",
    "GetSendMailMoney",
    "GetSendMailPrice",
    "MailFrameTab_OnClick",
    "MoneyInputFrame_ClearFocus",
    "MoneyInputFrame_ResetMoney",
    "MoneyInputFrame_SetCopper",
    "PickupContainerItem",
    "SendMailBodyEditBox",
    "SendMailMailButton",
    "SendMailMoney",
    "SendMailNameEditBox",
    "SendMailRadioButton_OnClick",
    "SendMailSubjectEditBox",
    "SetSendMailCOD",
    "SetSendMailMoney",
    "StaticPopup_Hide",
  },
}

files["MimironsGoldOMatic/MailWords.lua"] = {
  read_globals = { "time" },
}

files["MimironsGoldOMatic/MinimapButton.lua"] = {
  read_globals = { "CreateFrame", "GameTooltip", "GetCursorPosition", "Minimap", "UIParent" },
}

files["MimironsGoldOMatic/Pacer.lua"] = {
  read_globals = { "SendChatMessage" },
}

files["MimironsGoldOMatic/Panel.lua"] = {
  read_globals = { "CreateFrame", "MailFrame", "UIParent" },
}

files["MimironsGoldOMatic/PanelRow.lua"] = {
  read_globals = { "CreateFrame", "GameTooltip" },
}

files["MimironsGoldOMatic/Prepare.lua"] = {
  read_globals = { "GetMoney", "GetSendMailPrice" },
}

files["MimironsGoldOMatic/Questions.lua"] = {
  read_globals = { "time" },
}

files["MimironsGoldOMatic/Slash.lua"] = {
  globals = { "SLASH_MIMIRONSGOLDOMATIC1", "SlashCmdList" },
  read_globals = { "DEFAULT_CHAT_FRAME", "strtrim" },
}

files["MimironsGoldOMatic/Toasts.lua"] = {
  read_globals = { "CreateFrame", "UIParent" },
}

files["MimironsGoldOMatic/Who.lua"] = {
  read_globals = {
    "FriendsFrame",
    "GetNumWhoResults",
    "GetWhoInfo",
    "SendWho",
    "SetWhoToUI",
    "WHO_NUM_RESULTS",
    "WHO_TAG_NAME",
    "WhoFrame",
    "date",
    "hooksecurefunc",
  },
}

-- The tests run outside the client.
files["MimironsGoldOMatic/*.test.lua"] = { std = "lua51" }
files["test/*.lua"] = { std = "lua51", read_globals = { "loadfile" } }
