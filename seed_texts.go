package main

import (
	"math/rand/v2"
	"strings"

	"github.com/ticketsys/ticketsys/domain/locale"
)

// seedLanguage is what made-up people are called and say. A sentence is one of
// the frames with one of the things; things further back are said ever more
// rarely, as in a real language.
type seedLanguage struct {
	tag           string
	given, family []string
	subjects      []string // with %s for the thing
	sentences     []string
	things        []string
	space         string // between sentences
}

func seedLanguages() []seedLanguage {
	return []seedLanguage{englishSeed(), frenchSeed(), japaneseSeed()}
}

func languageOf(tag locale.Tag) seedLanguage {
	for _, l := range seedLanguages() {
		if l.tag == string(tag) {
			return l
		}
	}
	return englishSeed()
}

// subject makes a ticket's subject.
func (l seedLanguage) subject(r *rand.Rand) string {
	return strings.ReplaceAll(l.subjects[r.IntN(len(l.subjects))], "%s", l.thing(r))
}

// text makes up to the given number of sentences.
func (l seedLanguage) text(r *rand.Rand, most int) string {
	all := make([]string, 1+r.IntN(most))
	for i := range all {
		all[i] = strings.ReplaceAll(l.sentences[r.IntN(len(l.sentences))], "%s", l.thing(r))
	}
	return strings.Join(all, l.space)
}

func (l seedLanguage) thing(r *rand.Rand) string {
	for i := range l.things {
		if r.IntN(3) == 0 {
			return l.things[i]
		}
	}
	return l.things[0]
}

func seedTags() []string {
	return []string{"account", "billing", "bug", "feature", "launcher", "mobile", "refund", "urgent-review", "voice", "website"}
}

func englishSeed() seedLanguage {
	return seedLanguage{
		tag:    "en",
		given:  []string{"Alex", "Sam", "Robin", "Charlie", "Morgan", "Jamie", "Taylor", "Casey"},
		family: []string{"Baker", "Carter", "Fisher", "Hunter", "Mason", "Miller", "Parker", "Turner", "Walker", "Wright"},
		subjects: []string{
			"The %s does not work", "I cannot find the %s", "Question about the %s", "%s: error after the update", "Please reset my %s",
		},
		sentences: []string{
			"Since yesterday the %s stops after a few seconds.", "I have tried another %s, with the same result.",
			"Could you have a look at the %s, please?", "It worked until the last update of the %s.",
			"Here is what the %s says: error 4201.", "Thank you, the %s is back.", "Which %s do you use, and since when?",
			"We have found the cause: the %s was out of date.",
		},
		things: []string{
			"account", "password", "launcher", "server", "invoice", "voice channel", "profile", "map", "inventory", "keyboard",
			"subscription", "certificate", "leaderboard", "overlay", "sextant",
		},
		space: " ",
	}
}

func frenchSeed() seedLanguage {
	return seedLanguage{
		tag:    "fr",
		given:  []string{"Camille", "Louise", "Hugo", "Inès", "Noé", "Zoé", "Gaël", "Maëlle"},
		family: []string{"Bernard", "Dubois", "Durand", "Girard", "Lefèvre", "Mercier", "Moreau", "Petit", "Roux", "Simon"},
		subjects: []string{
			"%s : rien ne va plus", "Question sur %s", "Impossible de trouver %s", "Erreur après la mise à jour : %s",
		},
		sentences: []string{
			"Depuis hier, %s s'arrête au bout de quelques secondes.", "J'ai déjà essayé autrement, mais %s ne répond pas.",
			"Pourriez-vous regarder %s, s'il vous plaît ?", "Merci, %s fonctionne de nouveau.",
			"Nous avons trouvé : %s n'était pas à jour.", "Depuis quand utilisez-vous %s ?",
		},
		things: []string{
			"le compte", "le mot de passe", "le serveur", "la facture", "le salon vocal", "le profil", "la carte", "l'inventaire",
			"le clavier", "l'abonnement", "le classement", "l'astrolabe",
		},
		space: " ",
	}
}

func japaneseSeed() seedLanguage {
	return seedLanguage{
		tag:      "ja",
		given:    []string{"葵", "蓮", "陽菜", "湊", "結衣", "大翔", "さくら", "悠真"},
		family:   []string{"佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"},
		subjects: []string{"%sが動きません", "%sについて質問です", "%sが見つかりません", "更新後の%sのエラー"},
		sentences: []string{
			"昨日から%sが数秒で止まってしまいます。", "別の%sでも試しましたが、同じでした。", "%sを見ていただけますか。",
			"ありがとうございます。%sが直りました。", "原因が分かりました。%sが古いバージョンでした。", "%sはいつから使っていますか。",
		},
		things: []string{"アカウント", "パスワード", "サーバー", "請求書", "ボイスチャンネル", "プロフィール", "地図", "持ち物", "キーボード", "羅針盤"},
	}
}
