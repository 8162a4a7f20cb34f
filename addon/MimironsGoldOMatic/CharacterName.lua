-- CharacterName: reads a character name and gives its canonical form, by the same golden vectors as the other programs.
-- There is no NFC here: the client's names are in it already.

local _, ns = ...
local Utf8, Letters = ns.Utf8, ns.Letters
local CharacterName = {}
ns.CharacterName = CharacterName

local FEWEST, MOST = 2, 12

--- The canonical form (first letter upper case, the rest lower), or nil and "length", "letters" or "mixed_script".
function CharacterName.parse(input)
  if type(input) ~= "string" then
    error("a name is a string", 2)
  end
  local codes = Letters.trim(Utf8.codePoints(input))
  if #codes < FEWEST or #codes > MOST then
    return nil, "length"
  end
  local scripts, letters = {}, {}
  for index, code in ipairs(codes) do
    local script = code and Letters.script(code)
    if not script then
      return nil, "letters"
    end
    scripts[script] = true
    letters[index] = Utf8.encode(index == 1 and Letters.upper(code) or Letters.lower(code))
  end
  if scripts.latin and scripts.cyrillic then
    return nil, "mixed_script"
  end
  return table.concat(letters)
end

--- Whether two spellings name the same character.
function CharacterName.same(one, other)
  local first, second = CharacterName.parse(one or ""), CharacterName.parse(other or "")
  return first ~= nil and first == second
end

--- Whether one name holds the other, in any case: what the server's /who looks for.
function CharacterName.holds(name, part)
  local function fold(text)
    local letters = {}
    Utf8.each(text, function(character, code)
      table.insert(letters, code and Utf8.encode(Letters.lower(code)) or character)
    end)
    return table.concat(letters)
  end
  return fold(name):find(fold(part), 1, true) ~= nil
end
