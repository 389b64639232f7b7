" Colours for .journey files.
" The lists of words come from the grammar; dsl/tests/language/editors.rs keeps them so.
if exists('b:current_syntax')
  finish
endif

syntax case match
syntax sync fromstart

" Of what begins at the same place, the last one defined wins.
syntax match journeySign /==\|!=\|<=\|>=\|\.\.\|[<>=+*/-]/
syntax match journeyKeywords /\<\%(active\|as\|by\|change\|click\|clicks\|current\|date\|descending\|edition\|else\|event\|every\|for\|forever\|form\|fresh\|hold\|including\|late\|leave\|like\|manual\|monthly\|object\|of\|once\|open\|opens\|order\|people\|per\|person\|replacing\|schedule\|timeout\|transactional\|unless\|unmatched\|unrelated\|until\|up\|when\|winner\|within\|yearly\)\>/
syntax match journeyTests /\<\%(arm\|because\|bounces\|converts\|drafted\|events\|expect\|failed\|given\|held\|machine\|no\|out\|reply\|row\|skipped\|step\|subscribes\|unsubscribes\)\>/
syntax match journeyUnits /\<\%(day\|days\|friday\|hour\|hours\|minute\|minutes\|monday\|month\|months\|saturday\|second\|seconds\|sunday\|thursday\|tuesday\|wednesday\|week\|weekdays\|weekends\|weeks\|year\|years\)\>/
syntax match journeyConstants /\<\%(false\|null\|true\)\>/
syntax match journeyOperators /\<\%(after\|ago\|and\|android\|any\|average\|before\|between\|bounced\|case\|clicked\|contains\|converted\|count\|customer\|default\|device\|distinct\|empty\|ends\|entered\|entry\|ever\|exactly\|exists\|finished\|first\|from\|has\|ignoring\|in\|ios\|is\|journey\|largest\|last\|least\|less\|link\|matches\|missing\|more\|most\|next\|not\|now\|opened\|or\|page\|performed\|random\|received\|related\|screen\|since\|smallest\|starts\|subscribed\|sum\|suppressed\|than\|the\|this\|time\|times\|unsubscribed\|viewed\|web\|where\|with\)\>/
syntax match journeyClauses /\<\%(enter\|goal\|holdout\|limit\|on\|only\|to\)\>/
syntax match journeySteps /\<\%(add\|at\|call\|draft\|emit\|exit\|experiment\|if\|lookup\|match\|note\|remove\|repeat\|send\|set\|split\|start\|subscribe\|suppress\|unset\|unsubscribe\|wait\)\>/
syntax match journeyDeclarations /\<\%(broadcast\|campaign\|cap\|email\|in_app\|layout\|push\|segment\|slack\|sms\|snippet\|test\|topic\|workspace\)\>/
syntax match journeyScopes /\<\%(customer\|event\|item\|journey\|message\|object\|old\|relationship\|row\|secret\|trigger\|with\)\ze[.[]/
syntax match journeyMember /\.\h\w*/
syntax match journeyKey /\<\h\w*\ze\s*:/
syntax match journeyTextKind /\%(:\s*\)\@20<=\<\l\+\>\ze\s\+"/
syntax match journeyLabels /^\s*\zs\h\w*\ze:\s\+\%(add\|at\|call\|draft\|emit\|exit\|experiment\|if\|lookup\|match\|note\|remove\|repeat\|send\|set\|split\|start\|subscribe\|suppress\|unset\|unsubscribe\|wait\)\>/

syntax match journeyNumber /\w\@1<!-\?\<\d\+\%(\.\d\+\)\?\%(%\|\%(st\|nd\|rd\|th\)\>\|\>\)/
syntax match journeyMoment /\<\d\{2}:\d\{2}\>/
syntax match journeyMoment /\<\d\{4}-\d\{2}-\d\{2}\%(T\d\{2}:\d\{2}\%(:\d\{2}\)\?Z\?\)\?\>/

syntax match journeyEscape /\\\%(u{\x\+}\|["\\nt]\)/ contained
syntax region journeyLiquid matchgroup=journeyLiquidSign start=/{{-\?\|{%-\?/ end=/-\?}}\|-\?%}/ contained contains=journeyLiquidText,journeyLiquidFilter
syntax match journeyLiquidText /'[^'"]*'/ contained
syntax match journeyLiquidFilter /|\s*\h\w*/ contained
syntax region journeyString start=/"/ skip=/\\./ end=/"/ end=/$/ keepend oneline contains=journeyEscape,journeyLiquid
syntax match journeyZone /\%(\<in\s\+\)\@20<="\%(\a\+\%(\/[[:alnum:]_+-]\+\)\+\|UTC\)"/
syntax match journeyName /\%(^\l[a-z_]*\s\+\)\@40<="\%([^"\\]\|\\.\)*"/
syntax region journeyString start=/"""/ end=/"""/ keepend contains=journeyLiquid

syntax match journeyComment /#.*$/
syntax match journeyDescription /##.*$/

highlight default link journeyClauses Keyword
highlight default link journeyComment Comment
highlight default link journeyConstants Boolean
highlight default link journeyDeclarations Structure
highlight default link journeyDescription SpecialComment
highlight default link journeyEscape SpecialChar
highlight default link journeyKey Identifier
highlight default link journeyKeywords Keyword
highlight default link journeyLabels Label
highlight default link journeyLiquid PreProc
highlight default link journeyLiquidFilter Function
highlight default link journeyLiquidSign Delimiter
highlight default link journeyLiquidText String
highlight default link journeyMember Identifier
highlight default link journeyMoment Number
highlight default link journeyName Title
highlight default link journeyNumber Number
highlight default link journeyOperators Operator
highlight default link journeyScopes Special
highlight default link journeySign Operator
highlight default link journeySteps Statement
highlight default link journeyString String
highlight default link journeyTests Statement
highlight default link journeyTextKind Type
highlight default link journeyUnits Type
highlight default link journeyZone Constant

let b:current_syntax = 'journey'
