-- Edit boxes: letters and bytes limits, focus, and texts whose change is told a frame later.
local sim = ...
local state = sim.state

local EditBox = sim.defineType("EditBox", "Frame", [[OnEnterPressed OnEscapePressed OnSpacePressed OnTabPressed OnTextChanged OnTextSet
  OnEditFocusGained OnEditFocusLost OnCursorChanged OnInputLanguageChanged]])
sim.fontMethods(EditBox)
sim.autoFocusBoxes = {}

EditBox.SetNonSpaceWrap, EditBox.SetWordWrap = nil, nil

function sim.types.EditBox.initialize(self)
  local own = state(self)
  own.text, own.cursor, own.autoFocus, own.insets = "", 0, true, { 0, 0, 0, 0 }
  tinsert(sim.autoFocusBoxes, self)
end

local function continuation(text, at)
  local byte = strbyte(text, at)
  return byte and byte >= 128 and byte < 192
end

-- As much of the text as the limits allow, never half a character.
local function fit(own, text)
  if (own.maxLetters or 0) > 0 then
    while strlenutf8(text) > own.maxLetters do text = strsub(text, 1, -2) end
  end
  if (own.maxBytes or 0) > 0 and #text > own.maxBytes - 1 then
    local length = own.maxBytes - 1
    while length > 0 and continuation(text, length + 1) do length = length - 1 end
    text = strsub(text, 1, length)
  end
  return text
end

local function change(self, text, how)
  local own = state(self)
  text = fit(own, text)
  if own.numeric then text = gsub(text, "%D", "") end
  if own.text == text then return end
  own.text = text
  own.cursor = min(own.cursor, #text)
  if how == "user" or not sim.changedBoxes[self] then sim.changedBoxes[self] = how end
end

function EditBox:SetText(text)
  if text == nil then error("Usage: " .. (self:GetName() or "<unnamed>") .. ":SetText(\"text\")", 2) end
  change(self, tostring(text), "script")
  state(self).cursor = #state(self).text
end
function EditBox:GetText() return state(self).text end
function EditBox:SetNumber(value) self:SetText(tostring(value)) end
function EditBox:GetNumber() return tonumber(state(self).text) or 0 end
function EditBox:GetNumLetters() return strlenutf8(state(self).text) end

-- What was typed or pasted goes in at the cursor, as far as there is room; the rest is lost.
local function insert(self, text, how)
  local own = state(self)
  local before, after = strsub(own.text, 1, own.cursor), strsub(own.text, own.cursor + 1)
  local whole = before .. text .. after
  if fit(own, whole) ~= whole then return false end
  own.cursor = own.cursor + #text
  change(self, whole, how)
  return true
end
function EditBox:Insert(text) insert(self, text, "script") end

function sim.typeIntoBox(box, character)
  if character == "\n" and not state(box).multiLine then return end
  sim.run(box, "OnChar", character)
  insert(box, character == "|" and "||" or character, "user")
end
function sim.eraseInBox(box)
  local own = state(box)
  if own.cursor == 0 then return end
  local at = own.cursor
  while at > 1 and continuation(own.text, at) do at = at - 1 end
  local text = strsub(own.text, 1, at - 1) .. strsub(own.text, own.cursor + 1)
  own.cursor = at - 1
  change(box, text, "user")
end

-- A hidden box cannot have the focus, and asking for it then does nothing.
function EditBox:SetFocus()
  if not self:IsVisible() or sim.focus == self then return end
  if sim.focus then sim.focus:ClearFocus() end
  sim.focus = self
  sim.run(self, "OnEditFocusGained")
end
function EditBox:ClearFocus()
  if sim.focus ~= self then return end
  sim.focus = nil
  sim.run(self, "OnEditFocusLost")
end
function EditBox:HasFocus() return sim.focus == self and 1 or nil end
function GetCurrentKeyBoardFocus() return sim.focus end

function EditBox:SetAutoFocus(value) state(self).autoFocus = value and value ~= 0 end
function EditBox:IsAutoFocus() return state(self).autoFocus and 1 or nil end
function EditBox:SetNumeric(value) state(self).numeric = value and value ~= 0 end
function EditBox:IsNumeric() return state(self).numeric and 1 or nil end
function EditBox:SetMultiLine(value) state(self).multiLine = value and value ~= 0 end
function EditBox:IsMultiLine() return state(self).multiLine and 1 or nil end
function EditBox:SetPassword(value) state(self).password = value end
function EditBox:IsPassword() return state(self).password and 1 or nil end
function EditBox:SetMaxLetters(count) state(self).maxLetters = count end
function EditBox:GetMaxLetters() return state(self).maxLetters or 0 end
function EditBox:SetMaxBytes(count) state(self).maxBytes = count end
function EditBox:GetMaxBytes() return state(self).maxBytes or 0 end
function EditBox:SetCursorPosition(at) state(self).cursor = max(0, min(at, #state(self).text)) end
function EditBox:GetCursorPosition() return state(self).cursor end
function EditBox:GetUTF8CursorPosition() return strlenutf8(strsub(state(self).text, 1, state(self).cursor)) end
function EditBox:SetTextInsets(...) state(self).insets = { ... } end
function EditBox:GetTextInsets() return unpack(state(self).insets) end
function EditBox:AddHistoryLine(line) state(self).lastLine = line end
function EditBox:GetInputLanguage() return "ROMAN" end
for _, name in ipairs({
  "HighlightText", "SetHistoryLines", "GetHistoryLines", "SetAltArrowKeyMode", "ToggleInputLanguage", "SetBlinkSpeed",
  "ClearHistory", "SetCountInvisibleLetters",
}) do
  EditBox[name] = function() end
end
