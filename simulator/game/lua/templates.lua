-- The templates that addons inherit from, as far as their children and sizes are looked at from Lua.
local sim = ...
local state = sim.state
local templates = sim.templates

local function child(parent, typeName, suffix, template)
  local name = parent:GetName()
  return sim.createFrame(typeName, name and name .. suffix, parent, template)
end
local function text(parent, suffix, fontName)
  local name = parent:GetName()
  return parent:CreateFontString(name and name .. suffix, "ARTWORK", fontName or "GameFontNormal")
end

local function panelButton(frame, name)
  frame:SetSize(40, 22)
  state(frame).textName = name and name .. "Text"
  state(frame).fontString = text(frame, "Text")
end
for _, name in ipairs({
  "UIPanelButtonTemplate", "UIPanelButtonTemplate2", "UIPanelButtonGrayTemplate", "GameMenuButtonTemplate", "OptionsButtonTemplate",
  "StaticPopupButtonTemplate",
}) do
  templates[name] = panelButton
end
templates.SecureActionButtonTemplate = function() end
templates.SecureHandlerBaseTemplate = function() end

templates.UIPanelCloseButton = function(frame)
  frame:SetSize(32, 32)
  frame:SetScript("OnClick", function(self) HideUIPanel(self:GetParent()) end)
end

local function checkButton(frame)
  frame:SetSize(32, 32)
  text(frame, "Text", "GameFontNormalSmall")
end
for _, name in ipairs({
  "UICheckButtonTemplate", "OptionsCheckButtonTemplate", "OptionsBaseCheckButtonTemplate", "OptionsSmallCheckButtonTemplate",
  "InterfaceOptionsCheckButtonTemplate", "InterfaceOptionsSmallCheckButtonTemplate", "InterfaceOptionsBaseCheckButtonTemplate",
  "UIRadioButtonTemplate", "SendMailRadioButtonTemplate",
}) do
  templates[name] = checkButton
end

templates.OptionsSliderTemplate = function(frame)
  frame:SetSize(144, 17)
  text(frame, "Text")
  text(frame, "Low", "GameFontHighlightSmall")
  text(frame, "High", "GameFontHighlightSmall")
  frame:SetOrientation("HORIZONTAL")
end

templates.InputBoxTemplate = function(frame)
  frame:SetFontObject(ChatFontNormal)
  frame:SetScript("OnEscapePressed", function(self) self:ClearFocus() end)
end

-- ---------------------------------------------------------------- tabs
local function tab(frame, name)
  panelButton(frame, name)
  frame:SetSize(115, 32)
end
for _, name in ipairs({ "CharacterFrameTabButtonTemplate", "OptionsFrameTabButtonTemplate", "TabButtonTemplate", "FriendsFrameTabTemplate" }) do
  templates[name] = tab
end
function PanelTemplates_SetNumTabs(frame, count) frame.numTabs = count end
function PanelTemplates_SetTab(frame, id)
  frame.selectedTab = id
  PanelTemplates_UpdateTabs(frame)
end
function PanelTemplates_GetSelectedTab(frame) return frame.selectedTab end
function PanelTemplates_UpdateTabs(frame)
  for index = 1, frame.numTabs or 0 do
    local button = _G[(frame:GetName() or "") .. "Tab" .. index]
    if button then
      if index == frame.selectedTab then button:Disable() else button:Enable() end
    end
  end
end
function PanelTemplates_TabResize() end
function PanelTemplates_SelectTab(button) button:Disable() end
function PanelTemplates_DeselectTab(button) button:Enable() end

-- ---------------------------------------------------------------- scrolling
templates.UIPanelScrollBarTemplate = function(frame)
  frame:SetWidth(16)
  child(frame, "Button", "ScrollUpButton")
  child(frame, "Button", "ScrollDownButton")
  frame:SetThumbTexture(frame:CreateTexture(frame:GetName() and "$parentThumbTexture"))
  frame:SetScript("OnValueChanged", function(self, value) self:GetParent():SetVerticalScroll(value) end)
end
templates.UIPanelScrollFrameTemplate = function(frame)
  local bar = child(frame, "Slider", "ScrollBar", "UIPanelScrollBarTemplate")
  bar:SetMinMaxValues(0, 0)
  bar:SetValue(0)
  frame:SetScript("OnScrollRangeChanged", function(self, _, range) bar:SetMinMaxValues(0, range or 0) end)
  frame:SetScript("OnVerticalScroll", function(_, offset) bar:SetValue(offset) end)
end
templates.UIPanelScrollFrameTemplate2 = templates.UIPanelScrollFrameTemplate
templates.FauxScrollFrameTemplate = function(frame)
  templates.UIPanelScrollFrameTemplate(frame)
  frame.offset = 0
  local inner = child(frame, "Frame", "ScrollChildFrame")
  frame:SetScrollChild(inner)
end
templates.FauxScrollFrameTemplateLight = templates.FauxScrollFrameTemplate

function FauxScrollFrame_GetOffset(frame) return frame.offset or 0 end
function FauxScrollFrame_SetOffset(frame, offset) frame.offset = offset end
function FauxScrollFrame_Update(frame, count, shown, rowHeight)
  local bar = _G[frame:GetName() .. "ScrollBar"]
  local range = max(0, (count - shown) * rowHeight)
  if count > shown then frame:Show() else
    bar:SetValue(0)
    frame.offset = 0
    frame:Hide()
  end
  bar:SetMinMaxValues(0, range)
  bar:SetValueStep(rowHeight)
  return count > shown and 1 or nil
end
function FauxScrollFrame_OnVerticalScroll(frame, value, rowHeight, update)
  _G[frame:GetName() .. "ScrollBar"]:SetValue(value)
  frame.offset = floor(value / rowHeight + 0.5)
  if update then update(frame) end
end
function ScrollFrame_OnLoad() end
function ScrollFrameTemplate_OnMouseWheel(frame, direction)
  local bar = _G[frame:GetName() .. "ScrollBar"]
  bar:SetValue(bar:GetValue() - direction * (bar:GetHeight() / 2))
end

-- ---------------------------------------------------------------- money
templates.SmallMoneyFrameTemplate = function(frame) frame.staticMoney = 0 end
templates.MoneyFrameTemplate = templates.SmallMoneyFrameTemplate
function MoneyFrame_SetType(frame, kind) frame.moneyType = kind end
function MoneyFrame_Update(frame, amount)
  if type(frame) == "string" then frame = _G[frame] end
  frame.staticMoney = amount
end
function SetMoneyFrameColor() end
templates.MoneyInputFrameTemplate = function(frame)
  for _, coin in ipairs({ "Gold", "Silver", "Copper" }) do
    local box = child(frame, "EditBox", coin, "InputBoxTemplate")
    box:SetNumeric(true)
    box:SetMaxLetters(coin == "Gold" and 6 or 2)
    box:SetAutoFocus(false)
    frame[strlower(coin)] = box
    box:SetScript("OnTextChanged", function() if frame.onValueChangedFunc then frame.onValueChangedFunc() end end)
  end
end
function MoneyInputFrame_GetCopper(frame)
  return frame.gold:GetNumber() * 10000 + frame.silver:GetNumber() * 100 + frame.copper:GetNumber()
end
function MoneyInputFrame_SetCopper(frame, amount)
  local gold, silver = floor(amount / 10000), floor(amount / 100) % 100
  frame.gold:SetText(gold > 0 and gold or "")
  frame.silver:SetText((gold > 0 or silver > 0) and silver or "")
  frame.copper:SetText(amount > 0 and amount % 100 or "")
end
function MoneyInputFrame_ResetMoney(frame)
  frame.gold:SetText("")
  frame.silver:SetText("")
  frame.copper:SetText("")
end
function MoneyInputFrame_SetOnValueChangedFunc(frame, callback) frame.onValueChangedFunc = callback end
function MoneyInputFrame_ClearFocus(frame)
  for _, coin in ipairs({ "gold", "silver", "copper" }) do frame[coin]:ClearFocus() end
end
function GetCoinText(amount)
  local parts = {}
  local gold, silver, copper = floor(amount / 10000), floor(amount / 100) % 100, amount % 100
  if gold > 0 then tinsert(parts, gold .. GOLD_AMOUNT_SYMBOL) end
  if silver > 0 then tinsert(parts, silver .. SILVER_AMOUNT_SYMBOL) end
  if copper > 0 or #parts == 0 then tinsert(parts, copper .. COPPER_AMOUNT_SYMBOL) end
  return table.concat(parts, " ")
end
GetCoinTextureString = GetCoinText

-- ---------------------------------------------------------------- the rest
for _, name in ipairs({
  "UIDropDownMenuTemplate", "ItemButtonTemplate", "UIPanelDialogTemplate", "DialogBoxFrame", "UIMenuTemplate", "ChatFrameTemplate",
  "OptionsBoxTemplate",
}) do
  templates[name] = function(frame, frameName)
    if frameName and name == "UIDropDownMenuTemplate" then
      text(frame, "Text", "GameFontHighlightSmall")
      child(frame, "Button", "Button")
    end
  end
end
UIDROPDOWNMENU_MENU_VALUE = nil
local menu = {}
function UIDropDownMenu_Initialize(frame, initialize) frame.initialize = initialize end
function UIDropDownMenu_CreateInfo() return {} end
function UIDropDownMenu_AddButton(info) menu[#menu + 1] = info end
function UIDropDownMenu_SetWidth(frame, width) frame:SetWidth(width) end
function UIDropDownMenu_SetText(frame, value) frame.selectedText = value end
function UIDropDownMenu_GetText(frame) return frame.selectedText end
function UIDropDownMenu_SetSelectedValue(frame, value) frame.selectedValue = value end
function UIDropDownMenu_GetSelectedValue(frame) return frame.selectedValue end
function ToggleDropDownMenu(level, _, frame)
  wipe(menu)
  if frame.initialize then frame.initialize(frame, level or 1) end
end
function CloseDropDownMenus() wipe(menu) end
function EasyMenu(list) for _, info in ipairs(list) do UIDropDownMenu_AddButton(info) end end
