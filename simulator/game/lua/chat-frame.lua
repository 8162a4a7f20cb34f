-- Chat windows: what they listen to, filters, and how a message becomes a line. Nothing here reaches the log file.
local sim = ...
local host = sim.host
local state = sim.state

NUM_CHAT_WINDOWS = 10
CHAT_FRAMES = {}
ChatTypeInfo = {}
ChatTypeGroup = {
  SAY = { "CHAT_MSG_SAY" }, EMOTE = { "CHAT_MSG_EMOTE", "CHAT_MSG_TEXT_EMOTE" }, YELL = { "CHAT_MSG_YELL" },
  GUILD = { "CHAT_MSG_GUILD" }, OFFICER = { "CHAT_MSG_OFFICER" }, PARTY = { "CHAT_MSG_PARTY" },
  PARTY_LEADER = { "CHAT_MSG_PARTY_LEADER" }, RAID = { "CHAT_MSG_RAID" }, RAID_LEADER = { "CHAT_MSG_RAID_LEADER" },
  RAID_WARNING = { "CHAT_MSG_RAID_WARNING" }, SYSTEM = { "CHAT_MSG_SYSTEM" }, IGNORED = { "CHAT_MSG_IGNORED" },
  CHANNEL = { "CHAT_MSG_CHANNEL", "CHAT_MSG_CHANNEL_NOTICE", "CHAT_MSG_CHANNEL_JOIN", "CHAT_MSG_CHANNEL_LEAVE" },
  WHISPER = { "CHAT_MSG_WHISPER", "CHAT_MSG_WHISPER_INFORM", "CHAT_MSG_AFK", "CHAT_MSG_DND" },
  ERRORS = { "CHAT_MSG_RESTRICTED", "CHAT_MSG_FILTERED" }, MONEY = { "CHAT_MSG_MONEY" }, LOOT = { "CHAT_MSG_LOOT" },
}
local STICKY = { SAY = 1, PARTY = 1, RAID = 1, GUILD = 1, OFFICER = 1, WHISPER = 1, CHANNEL = 1 }
for _, events in pairs(ChatTypeGroup) do
  for _, name in ipairs(events) do
    local kind = strsub(name, 10)
    ChatTypeInfo[kind] = { r = 1, g = 1, b = 1, id = 1, sticky = STICKY[kind] or 0 }
  end
end
for index = 1, 10 do ChatTypeInfo["CHANNEL" .. index] = { r = 1, g = 0.75, b = 0.75, id = 1, sticky = 0 } end

local filters = {}
function ChatFrame_AddMessageEventFilter(name, filter)
  filters[name] = filters[name] or {}
  for _, known in ipairs(filters[name]) do
    if known == filter then return end
  end
  tinsert(filters[name], filter)
end
function ChatFrame_RemoveMessageEventFilter(name, filter)
  for index, known in ipairs(filters[name] or {}) do
    if known == filter then return tremove(filters[name], index) and nil end
  end
end
function ChatFrame_GetMessageEventFilters(name) return filters[name] end

-- ---------------------------------------------------------------- message frames
local Scrolling = sim.defineType("ScrollingMessageFrame", "Frame", "OnHyperlinkClick OnHyperlinkEnter OnHyperlinkLeave OnMessageScrollChanged")
sim.fontMethods(Scrolling)
function Scrolling:AddMessage(text, ...)
  if text == nil then return end
  local own = state(self)
  own.messages = own.messages or {}
  tinsert(own.messages, tostring(text))
  if #own.messages > (own.maxLines or 128) then tremove(own.messages, 1) end
  host.chat_window(self:GetName() or "", tostring(text))
end
function Scrolling:GetNumMessages() return #(state(self).messages or {}) end
function Scrolling:Clear() state(self).messages = {} end
function Scrolling:SetMaxLines(count) state(self).maxLines = count end
function Scrolling:GetMaxLines() return state(self).maxLines or 128 end
for _, name in ipairs({
  "ScrollUp", "ScrollDown", "PageUp", "PageDown", "ScrollToTop", "ScrollToBottom", "SetScrollOffset", "SetFading", "SetTimeVisible",
  "SetFadeDuration", "SetInsertMode", "SetHyperlinksEnabled", "UpdateColorByID",
}) do
  Scrolling[name] = function() end
end
function Scrolling:AtBottom() return 1 end
function Scrolling:GetCurrentScroll() return 0 end

-- ---------------------------------------------------------------- from an event to a line
local PLAIN = { SYSTEM = true, LOOT = true, MONEY = true, RESTRICTED = true, FILTERED = true }

local function line(kind, text, sender, language, channel, flag, channelNumber, lineID)
  if PLAIN[kind] then return text end
  if kind == "IGNORED" then return format(CHAT_IGNORED, sender) end
  if kind == "TEXT_EMOTE" then return text end
  if kind == "CHANNEL_NOTICE" then return format(_G["CHAT_" .. text .. "_NOTICE"] or "%d %s", channelNumber or 0, channel) end
  if flag == "GM" and kind == "WHISPER" then return nil end
  local prefix = flag ~= "" and _G["CHAT_FLAG_" .. flag] or ""
  local link = kind == "EMOTE" and sender or ("|Hplayer:" .. sender .. ":" .. lineID .. "|h[" .. sender .. "]|h")
  local body = format(_G["CHAT_" .. kind .. "_GET"] or "%s: ", prefix .. link) .. text
  if channel ~= "" then body = "|Hchannel:channel:" .. channelNumber .. "|h[" .. channel .. "]|h " .. body end
  return body
end

function ChatFrame_MessageEventHandler(self, name, ...)
  if strsub(name, 1, 8) ~= "CHAT_MSG" then return end
  local args = { ... }
  for _, filter in ipairs({ unpack(filters[name] or {}) }) do
    local answer = { filter(self, name, unpack(args, 1, 12)) }
    if answer[1] then return true end
    if answer[2] then args = { unpack(answer, 2, 13) } end
  end
  local kind = strsub(name, 10)
  local text = line(kind, args[1] or "", args[2] or "", args[3], args[4] or "", args[6] or "", args[8], args[11] or 0)
  if text then
    local info = ChatTypeInfo[kind] or ChatTypeInfo.SYSTEM
    self:AddMessage(text, info.r, info.g, info.b, info.id)
  end
  if kind == "WHISPER" then ChatEdit_SetLastTellTarget(args[2]) end
  return true
end

function ChatFrame_OnEvent(self, name, ...) ChatFrame_MessageEventHandler(self, name, ...) end

function ChatFrame_AddMessageGroup(frame, group)
  for _, name in ipairs(ChatTypeGroup[group] or {}) do frame:RegisterEvent(name) end
  host.window_group(frame:GetID(), group, true)
end
function ChatFrame_RemoveMessageGroup(frame, group)
  for _, name in ipairs(ChatTypeGroup[group] or {}) do frame:UnregisterEvent(name) end
  host.window_group(frame:GetID(), group, false)
end
function ChatFrame_AddChannel() return 1 end
function ChatFrame_RemoveChannel() return 1 end
function ChatFrame_RemoveAllMessageGroups(frame)
  for group in pairs(ChatTypeGroup) do ChatFrame_RemoveMessageGroup(frame, group) end
end
function AddChatWindowMessages(id, group) ChatFrame_AddMessageGroup(_G["ChatFrame" .. id], group) end
function RemoveChatWindowMessages(id, group) ChatFrame_RemoveMessageGroup(_G["ChatFrame" .. id], group) end

for index = 1, NUM_CHAT_WINDOWS do
  local name = "ChatFrame" .. index
  local frame = sim.createFrame("ScrollingMessageFrame", name, UIParent)
  frame:SetID(index)
  frame:SetFontObject(ChatFontNormal)
  frame:SetScript("OnEvent", function(...) ChatFrame_OnEvent(...) end)
  if index > 1 then frame:Hide() end
  CHAT_FRAMES[index] = name
  local tab = sim.createFrame("Button", name .. "Tab", UIParent, "TabButtonTemplate")
  tab:SetID(index)
end
for group in pairs(ChatTypeGroup) do ChatFrame_AddMessageGroup(ChatFrame1, group) end
DEFAULT_CHAT_FRAME, SELECTED_CHAT_FRAME, SELECTED_DOCK_FRAME = ChatFrame1, ChatFrame1, ChatFrame1

function GetChatWindowInfo(index)
  local name = index == 1 and GENERAL or index == 2 and COMBAT_LOG or ""
  return name, 0, 0, 0, 0, 1, index == 1 and 1 or nil, 1, index <= 2 and index or nil
end
function FCF_GetChatWindowInfo(index) return GetChatWindowInfo(index) end
function FCF_GetCurrentChatFrame() return SELECTED_CHAT_FRAME end

-- The global print writes into the default window.
function print(...) DEFAULT_CHAT_FRAME:AddMessage(strjoin(" ", tostringall(...))) end
setprinthandler = function() end

-- ---------------------------------------------------------------- what reaches the server, and the log
function SendSystemMessage(text)
  if type(text) ~= "string" then error("Usage: SendSystemMessage(\"text\")", 2) end
  host.send_system(text)
end
function SendChatMessage(text, kind, language, target)
  if type(text) ~= "string" and type(text) ~= "number" then
    error("Usage: SendChatMessage(text [, type] [, language] [, targetPlayer])", 2)
  end
  host.send_chat(tostring(text), strupper(kind or "SAY"), target and tostring(target))
end
function SendAddonMessage(prefix, text, kind, target)
  if #prefix + #text > 254 then error("SendAddonMessage: prefix and message too long", 2) end
  host.send_addon(prefix, text, strupper(kind or "PARTY"), target)
end
-- With an argument: switch; the answer is whether the log is on.
function LoggingChat(value)
  local on
  if value ~= nil then on = host.logging(value ~= 0 and value and true or false) else on = host.logging() end
  return on and 1 or nil
end
function LoggingCombat() return nil end
function Screenshot() host.screenshot() end
function GetChannelName(which)
  local number, name = host.channel(tostring(which))
  return number, name, 0
end
function JoinTemporaryChannel(name) return host.join_channel(name), name end
JoinPermanentChannel = JoinTemporaryChannel
function LeaveChannelByName(name) host.leave_channel(name) end
function GetChannelList() return host.channel_list() end
function GetDefaultLanguage() return host.language() end
function GetNumLanguages() return 1 end
