package search

// What letters fold to that a normal form of Unicode takes apart, or that are taken for
// others by whoever can't type them: the letter, then what it becomes in four bytes,
// filled up with spaces, in the order of the letters. Capitals are not among them.

// foldTwo has the letters of two bytes.
const foldTwo = "" +
	"ªa   ²2   ³3   µμ  ¹1   ºo   ßss  àa   áa   âa   ãa   äa   åa   æae  çc   èe   ée   êe   ëe   ìi   íi   " +
	"îi   ïi   ðd   ñn   òo   óo   ôo   õo   öo   øo   ùu   úu   ûu   üu   ýy   þth  ÿy   āa   ăa   ąa   ćc   " +
	"ĉc   ċc   čc   ďd   đd   ēe   ĕe   ėe   ęe   ěe   ĝg   ğg   ġg   ģg   ĥh   ħh   ĩi   īi   ĭi   įi   İi   " +
	"ıi   ĳij  ĵj   ķk   ĸk   ĺl   ļl   ľl   łl   ńn   ņn   ňn   ŉʼn ŋn   ōo   ŏo   őo   œoe  ŕr   ŗr   řr   " +
	"śs   ŝs   şs   šs   ţt   ťt   ŧt   ũu   ūu   ŭu   ůu   űu   ųu   ŵw   ŷy   źz   żz   žz   ſs   ƒf   ơo   " +
	"ưu   ǆdz  ǉlj  ǌnj  ǎa   ǐi   ǒo   ǔu   ǖu   ǘu   ǚu   ǜu   ǟa   ǡa   ǣae  ǧg   ǩk   ǫo   ǭo   ǯʒ  ǰj   " +
	"ǳdz  ǵg   ǹn   ǻa   ǽae  ǿo   ȁa   ȃa   ȅe   ȇe   ȉi   ȋi   ȍo   ȏo   ȑr   ȓr   ȕu   ȗu   șs   țt   ȟh   " +
	"ȧa   ȩe   ȫo   ȭo   ȯo   ȱo   ȳy   ʰh   ʱɦ  ʲj   ʳr   ʴɹ  ʵɻ  ʶʁ  ʷw   ʸy   ˠɣ  ˡl   ˢs   ˣx   ˤʕ  ʹʹ  " +
	"ΐι  άα  έε  ήη  ίι  ΰυ  ϊι  ϋυ  όο  ύυ  ώω  ϐβ  ϑθ  ϒυ  ϓυ  ϔυ  ϕφ  ϖπ  ϰκ  ϱρ  ϲς  ϵε  йи  ѐе  ёе  ѓг  " +
	"їі  ќк  ѝи  ўу  ѷѵ  ӂж  ӑа  ӓа  ӗе  ӛә  ӝж  ӟз  ӣи  ӥи  ӧо  ӫө  ӭэ  ӯу  ӱу  ӳу  ӵч  ӹы  ևեւآا  أا  ؤو  " +
	"إا  ئي  ٵاٴٶوٴٷۇٴٸيٴۀە  ۂہ  ۓے  "

// foldThree has the letters of three bytes.
const foldThree = "" +
	"ჼნ ᴬa   ᴭae  ᴮb   ᴰd   ᴱe   ᴲǝ  ᴳg   ᴴh   ᴵi   ᴶj   ᴷk   ᴸl   ᴹm   ᴺn   ᴼo   ᴽȣ  ᴾp   ᴿr   ᵀt   ᵁu   " +
	"ᵂw   ᵃa   ᵄɐ  ᵅɑ  ᵆᴂ ᵇb   ᵈd   ᵉe   ᵊə  ᵋɛ  ᵌɜ  ᵍg   ᵏk   ᵐm   ᵑn   ᵒo   ᵓɔ  ᵔᴖ ᵕᴗ ᵖp   ᵗt   ᵘu   ᵙᴝ " +
	"ᵚɯ  ᵛv   ᵜᴥ ᵝβ  ᵞγ  ᵟδ  ᵠφ  ᵡχ  ᵢi   ᵣr   ᵤu   ᵥv   ᵦβ  ᵧγ  ᵨρ  ᵩφ  ᵪχ  ᵸн  ᶛɒ  ᶜc   ᶝɕ  ᶞd   ᶟɜ  ᶠf   " +
	"ᶡɟ  ᶢɡ  ᶣɥ  ᶤɨ  ᶥɩ  ᶦɪ  ᶧᵻ ᶨʝ  ᶩɭ  ᶪᶅ ᶫʟ  ᶬɱ  ᶭɰ  ᶮɲ  ᶯɳ  ᶰɴ  ᶱɵ  ᶲɸ  ᶳʂ  ᶴʃ  ᶵƫ  ᶶʉ  ᶷʊ  ᶸᴜ ᶹʋ  ᶺʌ  " +
	"ᶻz   ᶼʐ  ᶽʑ  ᶾʒ  ᶿθ  ḁa   ḃb   ḅb   ḇb   ḉc   ḋd   ḍd   ḏd   ḑd   ḓd   ḕe   ḗe   ḙe   ḛe   ḝe   ḟf   " +
	"ḡg   ḣh   ḥh   ḧh   ḩh   ḫh   ḭi   ḯi   ḱk   ḳk   ḵk   ḷl   ḹl   ḻl   ḽl   ḿm   ṁm   ṃm   ṅn   ṇn   ṉn   " +
	"ṋn   ṍo   ṏo   ṑo   ṓo   ṕp   ṗp   ṙr   ṛr   ṝr   ṟr   ṡs   ṣs   ṥs   ṧs   ṩs   ṫt   ṭt   ṯt   ṱt   ṳu   " +
	"ṵu   ṷu   ṹu   ṻu   ṽv   ṿv   ẁw   ẃw   ẅw   ẇw   ẉw   ẋx   ẍx   ẏy   ẑz   ẓz   ẕz   ẖh   ẗt   ẘw   ẙy   " +
	"ẚaʾ ẛs   ạa   ảa   ấa   ầa   ẩa   ẫa   ậa   ắa   ằa   ẳa   ẵa   ặa   ẹe   ẻe   ẽe   ếe   ềe   ểe   ễe   " +
	"ệe   ỉi   ịi   ọo   ỏo   ốo   ồo   ổo   ỗo   ộo   ớo   ờo   ởo   ỡo   ợo   ụu   ủu   ứu   ừu   ửu   ữu   " +
	"ựu   ỳy   ỵy   ỷy   ỹy   ἀα  ἁα  ἂα  ἃα  ἄα  ἅα  ἆα  ἇα  ἐε  ἑε  ἒε  ἓε  ἔε  ἕε  ἠη  ἡη  ἢη  ἣη  ἤη  " +
	"ἥη  ἦη  ἧη  ἰι  ἱι  ἲι  ἳι  ἴι  ἵι  ἶι  ἷι  ὀο  ὁο  ὂο  ὃο  ὄο  ὅο  ὐυ  ὑυ  ὒυ  ὓυ  ὔυ  ὕυ  ὖυ  ὗυ  ὠω  " +
	"ὡω  ὢω  ὣω  ὤω  ὥω  ὦω  ὧω  ὰα  άα  ὲε  έε  ὴη  ήη  ὶι  ίι  ὸο  όο  ὺυ  ύυ  ὼω  ώω  ᾀα  ᾁα  ᾂα  ᾃα  ᾄα  " +
	"ᾅα  ᾆα  ᾇα  ᾐη  ᾑη  ᾒη  ᾓη  ᾔη  ᾕη  ᾖη  ᾗη  ᾠω  ᾡω  ᾢω  ᾣω  ᾤω  ᾥω  ᾦω  ᾧω  ᾰα  ᾱα  ᾲα  ᾳα  ᾴα  ᾶα  ᾷα  " +
	"ιι  ῂη  ῃη  ῄη  ῆη  ῇη  ῐι  ῑι  ῒι  ΐι  ῖι  ῗι  ῠυ  ῡυ  ῢυ  ΰυ  ῤρ  ῥρ  ῦυ  ῧυ  ῲω  ῳω  ῴω  ῶω  ῷω  ⁰0   " +
	"ⁱi   ⁴4   ⁵5   ⁶6   ⁷7   ⁸8   ⁹9   ⁿn   ₀0   ₁1   ₂2   ₃3   ₄4   ₅5   ₆6   ₇7   ₈8   ₉9   ₐa   ₑe   ₒo   " +
	"ₓx   ₔə  ₕh   ₖk   ₗl   ₘm   ₙn   ₚp   ₛs   ₜt   ℂc   ℇɛ  ℊg   ℋh   ℌh   ℍh   ℎh   ℏh   ℐi   ℑi   ℒl   " +
	"ℓl   ℕn   ℙp   ℚq   ℛr   ℜr   ℝr   ℤz   ℨz   ℬb   ℭc   ℯe   ℰe   ℱf   ℳm   ℴo   ℵא  ℶב  ℷג  ℸד  ℹi   " +
	"ℼπ  ℽγ  ℾγ  ℿπ  ⅅd   ⅆd   ⅇe   ⅈi   ⅉj   ⅰi   ⅱii  ⅲiii ⅳiv  ⅴv   ⅵvi  ⅶvii ⅷviiiⅸix  ⅹx   ⅺxi  ⅻxii " +
	"ⅼl   ⅽc   ⅾd   ⅿm   "
