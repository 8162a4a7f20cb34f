-- ChatFilter: keeps our own lines out of the chat windows. Only ours: a line in the same form from somebody else is an
-- attempt at fraud, and the streamer may see it. Filters run once per window, so nothing is done here but looking.

local _, ns = ...
local LogModes, Tag = ns.LogModes, ns.Tag

local function isBridgeLine(text)
  return text:sub(1, #Tag.mark) == Tag.mark or LogModes.isFiller(text)
end

local function hideSystemText(_, _, text)
  return isBridgeLine(text)
end

local function hideWhisper(_, _, text, name)
  return name == ns.player and (isBridgeLine(text) or ns.Handshake.isProbe(text))
end

ChatFrame_AddMessageEventFilter("CHAT_MSG_SYSTEM", hideSystemText)
ChatFrame_AddMessageEventFilter("CHAT_MSG_WHISPER", hideWhisper)
ChatFrame_AddMessageEventFilter("CHAT_MSG_WHISPER_INFORM", hideWhisper)
