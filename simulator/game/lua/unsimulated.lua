-- What 3.3.5a has and this simulator does not do. It is there, so that a question whether it exists is answered as in the
-- client; whoever calls it is told, instead of believing an answer that we made up.
local sim = ...

local METHODS = {
  Frame = [[
    AllowAttributeChanges CanChangeAttribute CreateAnimationGroup CreateFontString CreateTexture CreateTitleRegion
    DisableDrawLayer EnableDrawLayer EnableJoystick EnableKeyboard EnableMouse EnableMouseWheel GetAlpha GetAnimationGroups
    GetAttribute GetBackdrop GetBackdropBorderColor GetBackdropColor GetBoundsRect GetChildren GetClampRectInsets GetDepth
    GetDontSavePosition GetEffectiveAlpha GetEffectiveDepth GetEffectiveScale GetFrameLevel GetFrameStrata GetHitRectInsets
    GetID GetMaxResize GetMinResize GetNumChildren GetNumRegions GetRegions GetScale GetScript GetTitleRegion HasScript
    Hide HookScript IgnoreDepth IsClampedToScreen IsEventRegistered IsIgnoringDepth IsJoystickEnabled IsKeyboardEnabled
    IsMouseEnabled IsMouseWheelEnabled IsMovable IsResizable IsShown IsToplevel IsUserPlaced IsVisible Lower Raise
    RegisterAllEvents RegisterEvent RegisterForDrag SetAlpha SetAttribute SetBackdrop SetBackdropBorderColor
    SetBackdropColor SetClampRectInsets SetClampedToScreen SetDepth SetDontSavePosition SetFrameLevel SetFrameStrata
    SetHitRectInsets SetID SetMaxResize SetMinResize SetMovable SetResizable SetScale SetScript SetToplevel SetUserPlaced
    Show StartMoving StartSizing StopAnimating StopMovingOrSizing UnregisterAllEvents UnregisterEvent
  ]],
  Button = [[
    Click Disable Enable GetButtonState GetDisabledFontObject GetDisabledTexture GetFontString GetHighlightFontObject
    GetHighlightTexture GetMotionScriptsWhileDisabled GetNormalFontObject GetNormalTexture GetPushedTextOffset
    GetPushedTexture GetText GetTextHeight GetTextWidth IsEnabled LockHighlight RegisterForClicks SetButtonState
    SetDisabledFontObject SetDisabledTexture SetFontString SetFormattedText SetHighlightFontObject SetHighlightTexture
    SetMotionScriptsWhileDisabled SetNormalFontObject SetNormalTexture SetPushedTextOffset SetPushedTexture SetStateTexture
    SetText UnlockHighlight
  ]],
  EditBox = [[
    AddHistoryLine ClearFocus ClearHistory GetAltArrowKeyMode GetBlinkSpeed GetCursorPosition GetFont GetFontObject
    GetHistoryLines GetIndentedWordWrap GetInputLanguage GetJustifyH GetJustifyV GetMaxBytes GetMaxLetters GetNumLetters
    GetNumber GetShadowColor GetShadowOffset GetSpacing GetText GetTextColor GetTextInsets GetUTF8CursorPosition HasFocus
    HighlightText Insert IsAutoFocus IsCountInvisibleLetters IsInIMECompositionMode IsMultiLine IsNumeric IsPassword
    SetAltArrowKeyMode SetAutoFocus SetBlinkSpeed SetCountInvisibleLetters SetCursorPosition SetFocus SetFont SetFontObject
    SetHistoryLines SetIndentedWordWrap SetJustifyH SetJustifyV SetMaxBytes SetMaxLetters SetMultiLine SetNumber SetNumeric
    SetPassword SetShadowColor SetShadowOffset SetSpacing SetText SetTextColor SetTextInsets ToggleInputLanguage
  ]],
  StatusBar = [[
    GetMinMaxValues GetOrientation GetRotatesTexture GetStatusBarColor GetStatusBarTexture GetValue SetMinMaxValues
    SetOrientation SetRotatesTexture SetStatusBarColor SetStatusBarTexture SetValue
  ]],
  GameTooltip = [[
    AddDoubleLine AddFontStrings AddLine AddTexture AppendText ClearLines FadeOut GetAnchorType GetItem GetMinimumWidth
    GetOwner GetPadding GetSpell GetUnit IsEquippedItem IsOwned IsUnit NumLines SetAction SetAnchorType SetAuctionItem
    SetAuctionSellItem SetBackpackToken SetBagItem SetBuybackItem SetCurrencyToken SetEquipmentSet SetExistingSocketGem
    SetFrameStack SetGlyph SetGuildBankItem SetHyperlink SetHyperlinkCompareItem SetInboxItem SetInventoryItem
    SetLFGCompletionReward SetLFGDungeonReward SetLootItem SetLootRollItem SetMerchantCostItem SetMerchantItem
    SetMinimumWidth SetOwner SetPadding SetPetAction SetPossession SetQuestItem SetQuestLogItem SetQuestLogRewardSpell
    SetQuestLogSpecialItem SetQuestRewardSpell SetSendMailItem SetShapeshift SetSocketGem SetSocketedItem SetSpell
    SetSpellByID SetTalent SetText SetTotem SetTracking SetTradePlayerItem SetTradeSkillItem SetTradeTargetItem
    SetTrainerService SetUnit SetUnitAura SetUnitBuff SetUnitDebuff
  ]],
  Texture = [[
    CreateAnimationGroup GetAlpha GetAnimationGroups GetBlendMode GetDrawLayer GetHorizTile GetNonBlocking GetObjectType
    GetTexCoord GetTexture GetVertTile GetVertexColor Hide IsDesaturated IsObjectType IsShown IsVisible SetAlpha
    SetBlendMode SetDesaturated SetDrawLayer SetGradient SetGradientAlpha SetHorizTile SetNonBlocking SetRotation
    SetTexCoord SetTexture SetVertTile SetVertexColor Show StopAnimating
  ]],
  FontString = [[
    CanNonSpaceWrap CanWordWrap CreateAnimationGroup GetAlpha GetAnimationGroups GetDrawLayer GetFieldSize GetFont
    GetFontObject GetIndentedWordWrap GetJustifyH GetJustifyV GetObjectType GetShadowColor GetShadowOffset GetSpacing
    GetStringHeight GetStringWidth GetText GetTextColor Hide IsObjectType IsShown IsVisible SetAlpha SetAlphaGradient
    SetDrawLayer SetFont SetFontObject SetFormattedText SetIndentedWordWrap SetJustifyH SetJustifyV SetNonSpaceWrap
    SetShadowColor SetShadowOffset SetSpacing SetText SetTextColor SetTextHeight SetVertexColor SetWordWrap Show
    StopAnimating
  ]],
  ScrollingMessageFrame = [[
    AddMessage AtBottom AtTop Clear GetCurrentLine GetCurrentScroll GetFadeDuration GetFading GetFont GetFontObject
    GetHyperlinksEnabled GetIndentedWordWrap GetInsertMode GetJustifyH GetJustifyV GetMaxLines GetMessageInfo
    GetNumLinesDisplayed GetNumMessages GetShadowColor GetShadowOffset GetSpacing GetTextColor GetTimeVisible PageDown
    PageUp RemoveMessagesByAccessID ScrollDown ScrollToBottom ScrollToTop ScrollUp SetFadeDuration SetFading SetFont
    SetFontObject SetHyperlinksEnabled SetIndentedWordWrap SetInsertMode SetJustifyH SetJustifyV SetMaxLines
    SetScrollOffset SetShadowColor SetShadowOffset SetSpacing SetTextColor SetTimeVisible UpdateColorByID
  ]],
  MessageFrame = [[
    AddMessage Clear GetFadeDuration GetFading GetFont GetFontObject GetIndentedWordWrap GetInsertMode GetJustifyH
    GetJustifyV GetShadowColor GetShadowOffset GetSpacing GetTextColor GetTimeVisible SetFadeDuration SetFading SetFont
    SetFontObject SetIndentedWordWrap SetInsertMode SetJustifyH SetJustifyV SetShadowColor SetShadowOffset SetSpacing
    SetTextColor SetTimeVisible
  ]],
  Minimap = [[
    GetPingPosition GetTrackingTexture GetZoom GetZoomLevels PingLocation SetBlipTexture SetClassBlipTexture
    SetCorpsePOIArrowTexture SetIconTexture SetMaskTexture SetPOIArrowTexture SetPlayerTexture SetPlayerTextureHeight
    SetPlayerTextureWidth SetStaticPOIArrowTexture SetTracking SetZoom
  ]],
  Slider = [[
    Disable Enable GetMinMaxValues GetOrientation GetThumbTexture GetValue GetValueStep IsEnabled SetMinMaxValues
    SetOrientation SetThumbTexture SetValue SetValueStep
  ]],
  ScrollFrame = [[
    GetHorizontalScroll GetHorizontalScrollRange GetScrollChild GetVerticalScroll GetVerticalScrollRange
    SetHorizontalScroll SetScrollChild SetVerticalScroll UpdateScrollChildRect
  ]],
  Font = [[
    CopyFontObject GetAlpha GetFont GetFontObject GetIndentedWordWrap GetJustifyH GetJustifyV GetName GetObjectType
    GetShadowColor GetShadowOffset GetSpacing GetTextColor IsObjectType SetAlpha SetFont SetFontObject SetIndentedWordWrap
    SetJustifyH SetJustifyV SetShadowColor SetShadowOffset SetSpacing SetTextColor
  ]],
  Model = [[
    AdvanceTime ClearFog ClearModel GetFacing GetFogColor GetFogFar GetFogNear GetLight GetModel GetModelScale GetPosition
    ReplaceIconTexture SetCamera SetFacing SetFogColor SetFogFar SetFogNear SetGlow SetLight SetModel SetModelScale
    SetPosition SetSequence SetSequenceTime
  ]],
}

local function unsimulated(name)
  return function() error(name .. " is not simulated", 2) end
end

-- The names of functions come from outside; there are many.
function sim.nameUnsimulated(names)
  for name in string.gmatch(names, "%S+") do
    if _G[name] == nil then _G[name] = unsimulated(name) end
  end
end

-- What a type lacks, those that are built on it lack as well.
local function isBuiltOn(definition, name)
  while definition do
    if definition.name == name then return true end
    definition = sim.types[definition.parent]
  end
end
for typeName, methods in pairs(METHODS) do
  for _, definition in pairs(sim.types) do
    if isBuiltOn(definition, typeName) then
      for name in string.gmatch(methods, "%S+") do
        if definition.methods[name] == nil then definition.methods[name] = unsimulated(typeName .. ":" .. name) end
      end
    end
  end
end
