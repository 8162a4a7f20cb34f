-- What is there before any addon: the screen's own frames, fonts, colours, panels and the places addons hang things on.
local sim = ...
local state = sim.state

local function font(name)
  local object = sim.newObject("Font", name)
  object:SetFont("Fonts\\FRIZQT__.TTF", strfind(name, "Huge") and 20 or strfind(name, "Large") and 16 or strfind(name, "Small") and 10 or 12, "")
  object:SetTextColor(1, strfind(name, "Normal") and 0.82 or 1, strfind(name, "Normal") and 0 or 1, 1)
end
for name in string.gmatch([[
  AchievementCriteriaFont AchievementDateFont AchievementDescriptionFont AchievementFont_Small AchievementPointsFont
  AchievementPointsFontSmall BossEmoteNormalHuge ChatFontNormal ChatFontSmall CombatLogFont CombatTextFont
  DialogButtonHighlightText DialogButtonNormalText ErrorFont FocusFontSmall FriendsFont_Large FriendsFont_Normal
  FriendsFont_Small FriendsFont_UserText GameFontBlack GameFontBlackMedium GameFontBlackSmall GameFontBlackTiny
  GameFontDarkGraySmall GameFontDisable GameFontDisableLarge GameFontDisableLeft GameFontDisableSmall
  GameFontDisableSmallLeft GameFontGreen GameFontGreenLarge GameFontGreenSmall GameFontHighlight
  GameFontHighlightCenter GameFontHighlightExtraSmall GameFontHighlightExtraSmallLeft
  GameFontHighlightExtraSmallLeftTop GameFontHighlightLarge GameFontHighlightLeft GameFontHighlightMedium
  GameFontHighlightRight GameFontHighlightSmall GameFontHighlightSmallLeft GameFontHighlightSmallLeftTop
  GameFontHighlightSmallOutline GameFontHighlightSmallRight GameFontNormal GameFontNormalCenter GameFontNormalHuge
  GameFontNormalHugeBlack GameFontNormalLarge GameFontNormalLargeLeft GameFontNormalLargeLeftTop GameFontNormalLeft
  GameFontNormalLeftBottom GameFontNormalLeftGreen GameFontNormalLeftGrey GameFontNormalLeftLightGreen
  GameFontNormalLeftOrange GameFontNormalLeftRed GameFontNormalLeftYellow GameFontNormalMed3 GameFontNormalRight
  GameFontNormalSmall GameFontNormalSmallLeft GameFontRed GameFontRedLarge GameFontRedSmall GameFontWhite
  GameFontWhiteSmall GameFontWhiteTiny GameTooltipHeader GameTooltipHeaderText GameTooltipText GameTooltipTextSmall
  InvoiceFont_Med InvoiceFont_Small InvoiceTextFontNormal InvoiceTextFontSmall ItemTextFontNormal MailFont_Large
  MailTextFontNormal MovieSubtitleFont NumberFontNormal NumberFontNormalHuge NumberFontNormalLarge
  NumberFontNormalLargeRight NumberFontNormalLargeRightRed NumberFontNormalLargeRightYellow NumberFontNormalLargeYellow
  NumberFontNormalRight NumberFontNormalRightRed NumberFontNormalRightYellow NumberFontNormalSmall
  NumberFontNormalSmallGray NumberFontNormalYellow NumberFont_OutlineThick_Mono_Small NumberFont_Outline_Huge
  NumberFont_Outline_Large NumberFont_Outline_Med NumberFont_Shadow_Med NumberFont_Shadow_Small PVPInfoTextFont
  QuestDifficulty_Difficult QuestDifficulty_Header QuestDifficulty_Impossible QuestDifficulty_Standard
  QuestDifficulty_Trivial QuestDifficulty_VeryDifficult QuestFont QuestFontHighlight QuestFontLeft QuestFontNormalSmall
  QuestFont_Large QuestFont_Shadow_Huge QuestTitleFont QuestTitleFontBlackShadow ReputationDetailFont SpellFont_Small
  SubSpellFont SubZoneTextFont SystemFont_Huge1 SystemFont_InverseShadow_Small SystemFont_Large SystemFont_Med1
  SystemFont_Med2 SystemFont_Med3 SystemFont_Outline SystemFont_OutlineThick_Huge2 SystemFont_OutlineThick_Huge4
  SystemFont_OutlineThick_WTF SystemFont_Outline_Small SystemFont_Shadow_Huge1 SystemFont_Shadow_Huge3
  SystemFont_Shadow_Large SystemFont_Shadow_Med1 SystemFont_Shadow_Med2 SystemFont_Shadow_Med3
  SystemFont_Shadow_Outline_Huge2 SystemFont_Shadow_Small SystemFont_Small SystemFont_Tiny TextStatusBarText
  TextStatusBarTextLarge Tooltip_Med Tooltip_Small VehicleMenuBarStatusBarText WorldMapTextFont ZoneTextFont
]], "%S+") do font(name) end

local function colour(r, g, b) return { r = r, g = g, b = b } end
NORMAL_FONT_COLOR, HIGHLIGHT_FONT_COLOR, GRAY_FONT_COLOR = colour(1, 0.82, 0), colour(1, 1, 1), colour(0.5, 0.5, 0.5)
RED_FONT_COLOR, GREEN_FONT_COLOR = colour(1, 0.1, 0.1), colour(0.1, 1, 0.1)
NORMAL_FONT_COLOR_CODE, HIGHLIGHT_FONT_COLOR_CODE, RED_FONT_COLOR_CODE = "|cffffd200", "|cffffffff", "|cffff2020"
GREEN_FONT_COLOR_CODE, GRAY_FONT_COLOR_CODE, FONT_COLOR_CODE_CLOSE = "|cff20ff20", "|cff808080", "|r"
LIGHTYELLOW_FONT_COLOR_CODE, ORANGE_FONT_COLOR_CODE = "|cffffff9a", "|cffff7f3f"
STANDARD_TEXT_FONT, UNIT_NAME_FONT, DAMAGE_TEXT_FONT = "Fonts\\FRIZQT__.TTF", "Fonts\\FRIZQT__.TTF", "Fonts\\FRIZQT__.TTF"
TOOLTIP_DEFAULT_COLOR, TOOLTIP_DEFAULT_BACKGROUND_COLOR = colour(1, 1, 1), colour(0.09, 0.09, 0.19)
ITEM_QUALITY_COLORS = {}
local QUALITIES = { [0] = "9d9d9d", "ffffff", "1eff00", "0070dd", "a335ee", "ff8000", "e6cc80", "e6cc80" }
function GetItemQualityColor(quality)
  local hex = QUALITIES[quality] or QUALITIES[1]
  local function part(at) return tonumber(strsub(hex, at, at + 1), 16) / 255 end
  return part(1), part(3), part(5), "|cff" .. hex
end
for quality = -1, 7 do
  local r, g, b, hex = GetItemQualityColor(quality)
  ITEM_QUALITY_COLORS[quality] = { r = r, g = g, b = b, hex = hex }
end
COPPER_PER_SILVER, SILVER_PER_GOLD, COPPER_PER_GOLD = 100, 100, 10000

-- ---------------------------------------------------------------- the screen's frames
UIParent = sim.createFrame("Frame", "UIParent")
state(UIParent).screen, state(UIParent).width, state(UIParent).height = true, 1024, 768
WorldFrame = sim.createFrame("Frame", "WorldFrame")
state(WorldFrame).screen, state(WorldFrame).width, state(WorldFrame).height = true, 1024, 768

sim.defineType("Minimap", "Frame")
sim.defineType("Model", "Frame")
sim.defineType("PlayerModel", "Model")
sim.defineType("Cooldown", "Frame").SetCooldown = function() end
local cluster = sim.createFrame("Frame", "MinimapCluster", UIParent)
cluster:SetSize(192, 192)
cluster:SetPoint("TOPRIGHT")
local minimap = sim.createFrame("Minimap", "Minimap", cluster)
minimap:SetSize(140, 140)
minimap:SetPoint("CENTER", 9, 4)
function sim.types.Minimap.methods:GetZoom() return 0 end
function sim.types.Minimap.methods:SetZoom() end
sim.createFrame("Frame", "MinimapBackdrop", cluster)
function GetMinimapShape() return "ROUND" end
GetMinimapShape = nil
function GetCursorPosition() return sim.cursorX or 512, sim.cursorY or 384 end
function GetScreenWidth() return 1024 end
function GetScreenHeight() return 768 end

-- ---------------------------------------------------------------- panels
UISpecialFrames, UIPanelWindows = {}, {}

function ShowUIPanel(frame)
  if frame and not frame:IsShown() then frame:Show() end
end
function HideUIPanel(frame)
  if frame and frame:IsShown() then frame:Hide() end
end
function ToggleFrame(frame)
  if frame:IsShown() then HideUIPanel(frame) else ShowUIPanel(frame) end
end
function GetUIPanel() return nil end
function CloseSpecialWindows()
  local found
  for _, name in ipairs(UISpecialFrames) do
    local frame = _G[name]
    if frame and frame:IsShown() then
      frame:Hide()
      found = 1
    end
  end
  return found
end
function CloseWindows()
  local found = CloseSpecialWindows()
  for name in pairs(UIPanelWindows) do
    local frame = _G[name]
    if frame and frame:IsShown() then
      HideUIPanel(frame)
      found = 1
    end
  end
  return found
end
CloseAllWindows = CloseWindows

GameMenuFrame = sim.createFrame("Frame", "GameMenuFrame", UIParent)
GameMenuFrame:Hide()
UIPanelWindows.GameMenuFrame = { area = "center", pushable = 0, whileDead = 1 }

-- ---------------------------------------------------------------- options, errors, sounds
InterfaceOptionsFrame = sim.createFrame("Frame", "InterfaceOptionsFrame", UIParent)
InterfaceOptionsFrame:Hide()
InterfaceOptionsFramePanelContainer = sim.createFrame("Frame", "InterfaceOptionsFramePanelContainer", InterfaceOptionsFrame)
local categories = {}
function InterfaceOptions_AddCategory(frame)
  frame:Hide()
  categories[#categories + 1] = frame
end
function InterfaceOptionsFrame_OpenToCategory(panel)
  InterfaceOptionsFrame:Show()
  for _, frame in ipairs(categories) do
    if frame == panel or frame.name == panel then frame:Show() else frame:Hide() end
  end
end

local MessageFrame = sim.defineType("MessageFrame", "Frame")
sim.fontMethods(MessageFrame)
function MessageFrame:AddMessage(text) sim.host.screen_message(self:GetName() or "", tostring(text)) end
for _, name in ipairs({ "SetInsertMode", "SetTimeVisible", "SetFading", "SetFadeDuration", "Clear" }) do
  MessageFrame[name] = function() end
end
UIErrorsFrame = sim.createFrame("MessageFrame", "UIErrorsFrame", UIParent)
UIErrorsFrame:RegisterEvent("UI_ERROR_MESSAGE")
UIErrorsFrame:RegisterEvent("UI_INFO_MESSAGE")
UIErrorsFrame:SetScript("OnEvent", function(self, _, text) self:AddMessage(text) end)
RaidWarningFrame = sim.createFrame("MessageFrame", "RaidWarningFrame", UIParent)
function RaidNotice_AddMessage(frame, text) frame:AddMessage(text) end

function PlaySound(name)
  if type(name) ~= "string" then error("Usage: PlaySound(\"sound\")", 2) end
  sim.host.sound(name)
end
function PlaySoundFile(name) sim.host.sound(name) end

-- Fading: the end state at once.
function UIFrameFadeIn(frame, _, _, alpha)
  frame:Show()
  frame:SetAlpha(alpha or 1)
end
function UIFrameFadeOut(frame, _, _, alpha) frame:SetAlpha(alpha or 0) end
function UIFrameFlash() end
function UIFrameFlashStop() end
function UIFrameFadeRemoveFrame() end
