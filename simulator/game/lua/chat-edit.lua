-- The chat's input line: opens empty one frame late, sends on Enter, knows the slash commands.
local sim = ...
local host = sim.host

SlashCmdList, SecureCmdList = {}, {}
hash_SlashCmdList, hash_ChatTypeInfoList = {}, {}
MAX_WOW_CHAT_CHANNELS = 10

local lastTell
function ChatEdit_SetLastTellTarget(name) lastTell = name end
function ChatEdit_GetLastTellTarget() return lastTell or "" end
function ChatEdit_SetLastToldTarget() end

local TYPES = {
  SAY = { "/s", "/say" }, YELL = { "/y", "/yell", "/sh", "/shout" }, EMOTE = { "/e", "/em", "/emote", "/me" },
  GUILD = { "/g", "/gc", "/gu", "/guild" }, OFFICER = { "/o", "/osay", "/officer" }, PARTY = { "/p", "/party" },
  RAID = { "/ra", "/raid", "/rsay" }, RAID_WARNING = { "/rw" }, WHISPER = { "/w", "/whisper", "/t", "/tell", "/send" },
  REPLY = { "/r", "/reply" },
}
if GetLocale() == "ruRU" then
  tinsert(TYPES.SAY, "/сказать")
  tinsert(TYPES.WHISPER, "/шепнуть")
  tinsert(TYPES.WHISPER, "/ш")
end
local typeOf = {}
for kind, commands in pairs(TYPES) do
  for index, command in ipairs(commands) do
    _G["SLASH_" .. kind .. index] = command
    typeOf[strupper(command)] = kind
  end
end

-- ---------------------------------------------------------------- commands of the client itself
local function command(name, handler, ...)
  SlashCmdList[name] = handler
  for index = 1, select("#", ...) do _G["SLASH_" .. name .. index] = (select(index, ...)) end
end
local russian = GetLocale() == "ruRU"
command("SCRIPT", function(text) RunScript(text) end, "/script", "/run", russian and "/бег" or nil)
command("WHO", function(text) sim.slashWho(text) end, "/who", russian and "/кто" or nil)
command("RELOAD", function() ReloadUI() end, "/reload", russian and "/перезагр" or nil)
command("LOGOUT", function() Logout() end, "/logout", "/camp")
command("QUIT", function() Quit() end, "/quit", "/exit")
command("CHAT_AFK", function(text) SendChatMessage(text, "AFK") end, "/afk", "/away")
command("CHAT_DND", function(text) SendChatMessage(text, "DND") end, "/dnd", "/busy")
command("CHATLOG", function()
  if LoggingChat() then
    LoggingChat(false)
    DEFAULT_CHAT_FRAME:AddMessage(CHATLOGDISABLED)
  else
    LoggingChat(true)
    DEFAULT_CHAT_FRAME:AddMessage(CHATLOGENABLED)
  end
end, "/chatlog")
command("CONSOLE", function(text) host.console(text) end, "/console")
command("JOIN", function(text) JoinPermanentChannel((strmatch(text, "%S+"))) end, "/join", "/channel", "/chan")
command("HELP", function() DEFAULT_CHAT_FRAME:AddMessage(HELP_TEXT_SIMPLE) end, "/help", "/h", "/?")

local function findHandler(name)
  for key, handler in pairs(SlashCmdList) do
    local index = 1
    local known = _G["SLASH_" .. key .. index]
    while known do
      if strupper(known) == name then return handler end
      index = index + 1
      known = _G["SLASH_" .. key .. index]
    end
  end
end

-- ---------------------------------------------------------------- the box
local box = sim.createFrame("EditBox", "ChatFrame1EditBox", UIParent)
box:SetFontObject(ChatFontNormal)
box:Hide()
box:SetAutoFocus(false)
box:SetMaxLetters(255)
box:SetMaxBytes(256)
box.chatFrame = DEFAULT_CHAT_FRAME
DEFAULT_CHAT_FRAME.editBox = box
box:SetAttribute("chatType", "SAY")
box:SetAttribute("stickyType", "SAY")
for index = 2, NUM_CHAT_WINDOWS do _G["ChatFrame" .. index].editBox = box end

function ChatEdit_ChooseBoxForSend() return box end
function ChatEdit_GetActiveWindow() return box:IsShown() and box or nil end
function ChatEdit_GetLastActiveWindow() return box end
function ChatEdit_UpdateHeader() end
function ChatEdit_ActivateChat(editBox)
  editBox:Show()
  editBox:SetFocus()
end
function ChatEdit_DeactivateChat(editBox)
  editBox:SetText("")
  editBox:Hide()
end
function ChatEdit_InsertLink(link)
  if not link or not box:IsVisible() then return false end
  box:Insert(link)
  return true
end

-- The text given here is put in at the next frame, over whatever was typed until then.
function ChatFrame_OpenChat(text)
  ChatEdit_ActivateChat(box)
  box.setText, box.text = 1, text
  return box
end

local function whisperTo(editBox, rest)
  local name, text = strmatch(rest, "^%s*(%S+)%s+(.*)$")
  if not name then return false end
  editBox:SetAttribute("tellTarget", name)
  editBox:SetAttribute("chatType", "WHISPER")
  editBox:SetText(text)
  return true
end

-- Reads a command at the start of the text. While typing only chat types count; on sending, everything.
function ChatEdit_ParseText(editBox, send)
  local text = editBox:GetText()
  if strsub(text, 1, 1) ~= "/" or (send ~= 1 and not strfind(text, "%s")) then return end
  local name = strmatch(text, "^(/[^%s]+)") or ""
  local rest = strsub(text, #name + 2)
  name = strupper(name)
  local channel = strmatch(name, "^/(%d+)$")
  local kind = typeOf[name]
  if channel and (GetChannelName(channel)) > 0 then
    editBox:SetAttribute("channelTarget", channel)
    editBox:SetAttribute("chatType", "CHANNEL")
    return editBox:SetText(rest)
  elseif kind == "WHISPER" then
    if whisperTo(editBox, rest) or send ~= 1 then return end
    return editBox:SetText("")
  elseif kind == "REPLY" then
    if lastTell then
      editBox:SetAttribute("tellTarget", lastTell)
      editBox:SetAttribute("chatType", "WHISPER")
    end
    return editBox:SetText(rest)
  elseif kind then
    editBox:SetAttribute("chatType", kind)
    return editBox:SetText(rest)
  end
  if send ~= 1 then return end
  local handler = findHandler(name)
  -- A handler that raises leaves the box open, its text in it.
  if handler then handler(strtrim(rest), editBox) else DEFAULT_CHAT_FRAME:AddMessage(HELP_TEXT_SIMPLE) end
  editBox:AddHistoryLine(text)
  editBox:SetText("")
end

function ChatEdit_SendText(editBox)
  ChatEdit_ParseText(editBox, 1)
  local text = editBox:GetText()
  if not strfind(text, "%S") then return end
  local kind = editBox:GetAttribute("chatType")
  local target = kind == "WHISPER" and editBox:GetAttribute("tellTarget") or editBox:GetAttribute("channelTarget")
  SendChatMessage(text, kind, nil, target)
  if ChatTypeInfo[kind] and ChatTypeInfo[kind].sticky == 1 then editBox:SetAttribute("stickyType", kind) end
end

function ChatEdit_OnEscapePressed(editBox)
  editBox:SetAttribute("chatType", editBox:GetAttribute("stickyType"))
  ChatEdit_DeactivateChat(editBox)
end
function ChatEdit_OnEnterPressed(editBox)
  ChatEdit_SendText(editBox)
  ChatEdit_OnEscapePressed(editBox)
end

box:SetScript("OnEnterPressed", function(self) ChatEdit_OnEnterPressed(self) end)
box:SetScript("OnEscapePressed", function(self) ChatEdit_OnEscapePressed(self) end)
box:SetScript("OnTextChanged", function(self) ChatEdit_ParseText(self, 0) end)
box:SetScript("OnUpdate", function(self)
  if self.setText == 1 then
    self.setText = 0
    self:SetText(self.text)
    ChatEdit_ParseText(self, 0)
  end
end)

function ChatFrame_SendTell(name)
  ChatFrame_OpenChat("/w " .. name .. " ")
end
function ChatFrame_ReplyTell()
  if lastTell then ChatFrame_SendTell(lastTell) end
end
