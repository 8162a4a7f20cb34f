-- What only the client's own code may call. From an addon or a typed line it raises the blocked-action event and does
-- nothing else.
local sim = ...
local host = sim.host

local PROTECTED = [[CastSpell CastSpellByName CastShapeshiftForm CastPetAction UseAction UseItemByName UseInventoryItem RunMacro
  RunMacroText TargetUnit TargetNearestEnemy TargetNearestFriend TargetLastTarget AssistUnit FocusUnit ClearTarget
  ClearFocus AttackTarget StartAttack StopAttack PetAttack JumpOrAscendStart MoveForwardStart MoveForwardStop MoveBackwardStart
  MoveBackwardStop StrafeLeftStart StrafeRightStart TurnLeftStart TurnRightStart ToggleAutoRun ToggleRun SitStandOrDescendStart
  InteractUnit SpellTargetUnit SpellStopCasting StopMacro CancelShapeshiftForm AcceptBattlefieldPort]]

for name in string.gmatch(PROTECTED, "%S+") do
  _G[name] = function()
    host.forbidden(name)
    sim.fire(InCombatLockdown() and "ADDON_ACTION_BLOCKED" or "ADDON_ACTION_FORBIDDEN", host.current_addon(), name .. "()")
  end
end
