using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity;

public sealed class LockoutTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task SignIn_LockedAccount_TellsOnlyWhoKnowsThePassword()
    {
        using var client = portal.CreateClient();
        for (var failure = 0; failure < 5; failure++)
        {
            (await client.PostSignInAsync("admin", "wrong-password")).Dispose();
        }

        var guessed = await ReadAsync(client, "admin", "wrong-password");
        var unknown = await ReadAsync(client, "nobody", "wrong-password");
        var known = await ReadAsync(client, "admin", TestPortal.AdminPassword);

        Assert.Contains("The user name or the password is wrong.", guessed, StringComparison.Ordinal);
        Assert.Contains("The user name or the password is wrong.", unknown, StringComparison.Ordinal);
        Assert.DoesNotContain("this account is locked", guessed, StringComparison.Ordinal);
        Assert.Contains("this account is locked", known, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(HttpClient client, string userName, string password)
    {
        using var answer = await client.PostSignInAsync(userName, password);
        return await answer.Content.ReadAsStringAsync();
    }
}
