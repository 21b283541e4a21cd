using Microsoft.Playwright;
using Portal.Testing.Up;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>Passkeys in a real browser, whose authenticator is one of its own making.</summary>
[Collection(SharedPortal.Name)]
public sealed class PasskeyTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Passkey_Added_OpensThePortalWithoutNameAndPassword()
    {
        await using var person = await fixture.OpenStrangerAsync();

        // Passkeys belong to names; an address has none.
        var origin = fixture.Portal.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await AddAuthenticatorAsync(person);
        await person.GoAsync(origin + "/account/security");
        await person.Page.GetByLabel("User name").FillAsync("admin");
        await person.Page.GetByLabel("Password").FillAsync(PortalUp.AdminPassword);
        await person.Button("Sign in").ClickAsync();
        await Expect(person.Heading("Sign-in security")).ToBeVisibleAsync();

        await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Test key");
        await person.Page.Locator("#passkey-password").FillAsync(PortalUp.AdminPassword);
        await person.Button("Add a passkey").ClickAsync();
        await Expect(person.Page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await Expect(person.Page.Locator(".p-passkeys")).ToContainTextAsync("Test key");

        await person.Page.Context.ClearCookiesAsync();
        await person.GoAsync(origin + "/sign-in?returnUrl=%2Fpeople");
        await person.Button("Sign in with a passkey").ClickAsync();
        await Expect(person.Heading("People")).ToBeVisibleAsync();

        await person.GoAsync(origin + "/account/security");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the passkey Test key" }).ClickAsync();
        await Expect(person.Page.GetByText("The passkey 'Test key' is removed.")).ToBeVisibleAsync();
        await person.Page.Context.ClearCookiesAsync();
        await person.GoAsync(origin + "/sign-in");
        await person.Button("Sign in with a passkey").ClickAsync();
        await Expect(person.Alert.Filter(new() { HasText = "This passkey was not accepted" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Invitation_TakenUpWithAPasskey_MakesAnAccountWithoutAPassword()
    {
        await using var admin = await fixture.OpenAsync();
        await admin.GoAsync("/people");
        await admin.ArrivedAsync();
        await admin.Button("Invite").ClickAsync();
        await admin.Page.GetByLabel("Whom it is for").FillAsync("Pat without a password");
        await admin.Page.Locator("#invite-role").SelectOptionAsync("Developer");
        await admin.Button("Make the link").ClickAsync();
        var link = await admin.Page.Locator(".p-command code").InnerTextAsync();
        await admin.Button("Done").ClickAsync();
        await Expect(admin.Page.GetByText("Developer on everything")).ToBeVisibleAsync();
        await using var guest = await fixture.OpenStrangerAsync();
        await AddAuthenticatorAsync(guest);

        await guest.GoAsync(link.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        var form = guest.Page.Locator("form[data-passkey=create]");
        await form.GetByLabel("User name").FillAsync("admin");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("taken");
        await form.GetByLabel("User name").FillAsync("pat");
        await form.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(guest.Heading("Sign-in security")).ToBeVisibleAsync();
        await Expect(guest.Page.Locator(".p-passkeys li")).ToHaveCountAsync(1);
    }

    private static async Task AddAuthenticatorAsync(PortalPage person)
    {
        var devices = await person.Page.Context.NewCDPSessionAsync(person.Page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
