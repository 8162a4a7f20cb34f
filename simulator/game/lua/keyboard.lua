-- Keys: to the edit box that has the focus, else to the game's bindings.
local sim = ...
local state = sim.state

sim.modifiers = {}
function IsShiftKeyDown() return sim.modifiers.SHIFT and 1 or nil end
function IsControlKeyDown() return sim.modifiers.CTRL and 1 or nil end
function IsAltKeyDown() return sim.modifiers.ALT and 1 or nil end
function IsModifierKeyDown() return (sim.modifiers.SHIFT or sim.modifiers.CTRL or sim.modifiers.ALT) and 1 or nil end
function IsModifiedClick() return IsModifierKeyDown() end

-- A visible box that wants the focus takes it with the first key, as an edit box made without SetAutoFocus(false) does.
local function autoFocus()
  if sim.focus then return end
  for _, box in ipairs(sim.autoFocusBoxes) do
    if state(box).autoFocus and box:IsVisible() then
      box:SetFocus()
      return
    end
  end
end

local BOX_KEYS = {
  ENTER = function(box)
    if state(box).multiLine and not state(box).scripts.onenterpressed then
      sim.typeIntoBox(box, "\n")
    else
      sim.run(box, "OnEnterPressed")
    end
  end,
  ESCAPE = function(box) sim.run(box, "OnEscapePressed") end,
  TAB = function(box) sim.run(box, "OnTabPressed") end,
  BACKSPACE = function(box) sim.eraseInBox(box) end,
}

local function toggleGameMenu()
  if StaticPopup_EscapePressed() then return end
  if GameMenuFrame:IsShown() then return HideUIPanel(GameMenuFrame) end
  if CloseWindows() then return end
  ShowUIPanel(GameMenuFrame)
end

-- A key that is no character: ENTER, ESCAPE, TAB, BACKSPACE.
function sim.key(name)
  autoFocus()
  if sim.focus then
    local handle = BOX_KEYS[name]
    if handle then handle(sim.focus) end
  elseif name == "ENTER" then
    ChatFrame_OpenChat("")
  elseif name == "ESCAPE" then
    toggleGameMenu()
  end
end

-- One character. Without a box it is a binding: the slash opens the chat, everything else moves the character about.
function sim.character(text)
  autoFocus()
  if sim.focus then
    if text == " " then sim.run(sim.focus, "OnSpacePressed") end
    sim.typeIntoBox(sim.focus, text)
  elseif text == "/" then
    ChatFrame_OpenChat("/")
  else
    sim.host.stray_key(text)
  end
end

function sim.focusName() return sim.focus and (sim.focus:GetName() or "<unnamed>") end

function GetBindingKey() return nil end
function GetBindingText(key) return key end
function GetBindingAction() return "" end
function SetOverrideBindingClick() end
function ClearOverrideBindings() end
BINDING_HEADER_MISC = "Misc"
