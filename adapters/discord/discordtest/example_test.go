package discordtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// A bot that only greets, tried on a guild with one person.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	srv, err := discordtest.Start(discordtest.Options{Now: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()

	guild := srv.Guild("Acme", discordtest.WithOwner("Olga"))
	ana := guild.Member("Ana", discordtest.Locale("fr"))
	guild.AddBot()
	general := guild.Channel("general")
	if _, err := ana.Posts(general, "Bonjour !"); err != nil {
		fmt.Println(err)
		return
	}

	go greet(ctx, srv, general.ID())
	answer, err := general.WaitFor(ctx, "Bienvenue")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Author+":", answer.Content)
	fmt.Println("pinged:", answer.Pinged)
	// Output:
	// Ticket.sys: Bienvenue, Ana
	// pinged: []
}

// greet is the bot of the example: one REST call.
func greet(ctx context.Context, srv *discordtest.Server, channel discordtest.ID) {
	body, _ := json.Marshal(map[string]any{
		"content": "Bienvenue, Ana", "allowed_mentions": map[string]any{"parse": []string{}},
	})
	url := fmt.Sprintf("%s/api/v10/channels/%s/messages", srv.APIURL(), channel)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bot "+srv.Token())
	req.Header.Set("Content-Type", "application/json")
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close()
	}
}
