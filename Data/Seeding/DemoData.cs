using Xeno.Portal.Data.Resources;

namespace Xeno.Portal.Data.Seeding;

/// <summary>Sample widgets, FAQs, contacts and conversations for an account, so that a first API call returns something.</summary>
public static class DemoData
{
    private static readonly (string Name, string Website, string Greeting)[] s_widgets =
    [
        ("Shop", "https://harbour-coffee.example", "Good morning! Looking for a roast?"),
        ("Help centre", "https://help.harbour-coffee.example", "Hi, how can we help?"),
        ("Wholesale", "https://wholesale.harbour-coffee.example", "Ask us about prices by the sack."),
    ];

    private static readonly (string Question, string Answer)[] s_faqs =
    [
        ("How fast do you deliver?", "Orders before noon leave the same day and arrive in two to three working days."),
        ("Can I change the grind later?", "Yes. Answer the confirmation e-mail before the parcel leaves, usually within four hours."),
        ("Do you roast decaf?", "On Tuesdays. Order by Monday evening and you get it fresh on Thursday."),
        ("How do I return a parcel?", "Unopened bags come back within thirty days; the label is in the parcel."),
    ];

    private static readonly (string Name, string Email, string? Phone)[] s_contacts =
    [
        ("Amara Okafor", "amara@okafor.example", "+44 20 7946 0018"),
        ("Jonas Lindqvist", "jonas.lindqvist@nordmail.example", null),
        ("Mei Tanaka", "mei@tanaka-design.example", "+81 3 5550 0142"),
        ("Lucía Fernández", "lucia@casaverde.example", "+34 91 555 0107"),
        ("Tom Becker", "tom.becker@beckerbikes.example", null),
    ];

    private static readonly (string Subject, int Contact, bool IsOpen, (bool FromContact, string Body)[] Messages)[] s_conversations =
    [
        ("Parcel has not arrived", 0, true,
            [
                (true, "My order from last week is still not here."),
                (false, "I am sorry! It left on Monday; I have asked the carrier where it is."),
                (true, "Thank you, I will wait."),
            ]),
        ("Invoice for the office", 1, false,
            [(true, "Could I have an invoice with our VAT number?"), (false, "Of course, it is in your inbox now."), (true, "Perfect.")]),
        ("Which roast for filter?", 2, true,
            [(true, "I brew with a paper filter. What would you take?"), (false, "The Yirgacheffe, ground medium-fine.")]),
        ("Thirty kilos a month", 3, true,
            [(true, "We run two cafés. What does thirty kilos a month cost?")]),
    ];

    /// <summary>New rows for <paramref name="accountId"/>, dated in the 40 days before <paramref name="now"/>.</summary>
    public static IEnumerable<object> For(string accountId, DateTimeOffset now)
    {
        foreach (var (i, (name, website, greeting)) in s_widgets.Index())
        {
            var at = now.AddDays(-40 + i * 9);
            yield return new Widget
            {
                Id = Guid.CreateVersion7(at), AccountId = accountId, CreatedAt = at, UpdatedAt = at,
                Name = name, WebsiteUrl = website, Greeting = greeting,
            };
        }

        foreach (var (i, (question, answer)) in s_faqs.Index())
        {
            var at = now.AddDays(-30 + i * 5);
            yield return new Faq
            {
                Id = Guid.CreateVersion7(at), AccountId = accountId, CreatedAt = at, UpdatedAt = at,
                Question = question, Answer = answer,
            };
        }

        var contacts = new List<Contact>();
        foreach (var (i, (name, email, phone)) in s_contacts.Index())
        {
            var at = now.AddDays(-20 + i * 3);
            contacts.Add(new Contact
            {
                Id = Guid.CreateVersion7(at), AccountId = accountId, CreatedAt = at, UpdatedAt = at,
                Name = name, Email = email, Phone = phone,
            });
            yield return contacts[i];
        }

        foreach (var (i, (subject, contact, isOpen, messages)) in s_conversations.Index())
        {
            var at = now.AddDays(-6 + i).AddHours(-3);
            var conversation = new Conversation
            {
                Id = Guid.CreateVersion7(at), AccountId = accountId, CreatedAt = at, UpdatedAt = at.AddMinutes(messages.Length * 7),
                Subject = subject, ContactId = contacts[contact].Id,
                Status = isOpen ? ConversationStatus.Open : ConversationStatus.Closed,
            };
            foreach (var (j, (fromContact, body)) in messages.Index())
            {
                var sent = at.AddMinutes(j * 7);
                conversation.Messages.Add(new ConversationMessage
                {
                    Id = Guid.CreateVersion7(sent), ConversationId = conversation.Id, CreatedAt = sent,
                    Body = body, Author = fromContact ? MessageAuthor.Contact : MessageAuthor.Account,
                });
            }

            yield return conversation;
        }
    }
}
