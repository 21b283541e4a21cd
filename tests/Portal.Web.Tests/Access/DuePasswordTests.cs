using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Tests.Features.Rest;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Access;

/// <summary>Whoever still has a password that somebody else chose reaches nothing but the page that changes it, and the way out.</summary>
[Collection(RestCollection.Name)]
public sealed class DuePasswordTests(RestPortal portal)
{
    private static readonly HashSet<string> s_open = ["GET,POST /account/password", "POST /sign-out"];

    // Whom these let in does not depend on a person.
    private static readonly EndpointRule[] s_ofOthers = [EndpointRule.Anonymous, EndpointRule.Node, EndpointRule.Metrics];

    [Fact]
    public async Task Endpoints_PasswordIsDue_AreShutButForThePasswordAndTheWayOut()
    {
        var person = await portal.Portal.AddPersonAsync("due", BuiltInRoles.Administrator);
        using var program = await portal.ProgramOfAsync(person);
        await OweAsync(person);
        using var browser = portal.Portal.CreateClient(portal.Address);
        using (var signedIn = await browser.PostSignInAsync("due", TestPortal.AdminPassword))
        {
            Assert.EndsWith("/account/password", signedIn.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        var wrong = new List<string>();
        foreach (var (endpoint, method) in UnauthorizedAccessTests.Requests(portal.Services))
        {
            var name = UnauthorizedAccessTests.NameOf(endpoint);
            if (!UnauthorizedAccessTests.Rules.TryGetValue(name, out var rule) || s_ofOthers.Contains(rule) || s_open.Contains(name))
            {
                continue;
            }

            foreach (var client in new[] { browser, program })
            {
                using var message = new HttpRequestMessage(method, UnauthorizedAccessTests.PathOf(endpoint, portal.NodeId));
                using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
                if (!IsRefused(answer))
                {
                    wrong.Add($"{(client == program ? "token" : "session")}: {method} {name} answered {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Pages_PasswordIsDue_LeadToItAndOpenOnceItIsChosen()
    {
        var person = await portal.Portal.AddPersonAsync("chooser", null);
        await OweAsync(person);
        using var browser = portal.Portal.CreateClient(portal.Address);
        using (await browser.PostSignInAsync("chooser", TestPortal.AdminPassword))
        {
        }

        using var before = await browser.GetAsync("/tokens");
        using var changed = await browser.PostFormAsync("/account/password", new()
        {
            ["Input.Current"] = TestPortal.AdminPassword,
            ["Input.New"] = "own-words-of-mine",
            ["Input.Repeated"] = "own-words-of-mine",
        });
        using var after = await browser.GetAsync("/tokens");

        Assert.EndsWith("/account/password", before.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public void Endpoints_OpenWhileItIsDue_AreTheseAlone()
    {
        var open = UnauthorizedAccessTests.Endpoints(portal.Services)
            .Where(endpoint => endpoint.Metadata.Any(item => item.GetType().Name == "OpenWhilePasswordIsDueAttribute"))
            .Select(UnauthorizedAccessTests.NameOf);

        Assert.Equal(s_open.Order(), open.Order());
    }

    private static bool IsRefused(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Forbidden => true,

        // A token opens none but what programs use.
        HttpStatusCode.Unauthorized => answer.RequestMessage!.Headers.Authorization is not null,
        HttpStatusCode.Redirect => answer.Headers.Location!.ToString() is var to
            && (to.EndsWith("/account/password", StringComparison.Ordinal) || to.Contains("/sign-in", StringComparison.Ordinal)),
        _ => false,
    };

    private async Task OweAsync(Guid person)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await context.Users.Where(user => user.Id == person).ExecuteUpdateAsync(set => set.SetProperty(user => user.MustChangePassword, true));
    }
}
