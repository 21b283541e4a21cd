using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Portal.Testing.Engine;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Containers;

namespace Portal.Web.Tests.Features.Consoles;

public sealed class ConsoleTicketsTests
{
    private static readonly ClaimsPrincipal s_user = Person("one");
    private static readonly ConsoleRequest s_request = new(new ContainerKey(Guid.NewGuid(), "id", "web"), ["sh", "-l"], "root")
    {
        Join = "console", Position = 7, Watch = true, Attach = true, Name = "name", WorkingDirectory = "/srv", Environment = ["A=1"],
    };

    private readonly FakeTimeProvider _time = new();
    private readonly EphemeralDataProtectionProvider _keys = new();

    [Fact]
    public void Redeem_AtAnotherPortalWithTheKeys_IsWhatWasAskedFor()
    {
        var taken = Portal().Redeem(s_user, Portal().Issue(s_user, s_request));

        Assert.Equal(s_request with { Command = [], Environment = [], UserId = "one" }, taken! with { Command = [], Environment = [] });
        Assert.Equal(s_request.Command, taken.Command);
        Assert.Equal(s_request.Environment, taken.Environment);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Redeem_SecondTime_IsRefused(int variables)
    {
        var portal = Portal();
        var ticket = portal.Issue(s_user, s_request with { Environment = [.. Enumerable.Range(0, variables).Select(n => $"VARIABLE_{n}=1")] });

        Assert.True(ticket.Length < 6100);
        Assert.Equal(variables, portal.Redeem(s_user, ticket)!.Environment.Count);
        Assert.Null(portal.Redeem(s_user, ticket));
    }

    [Fact]
    public void Redeem_BySomebodyElse_IsRefused() => Assert.Null(Portal().Redeem(Person("two"), Portal().Issue(s_user, s_request)));

    [Fact]
    public void Redeem_AfterHalfAMinute_IsRefused()
    {
        var ticket = Portal().Issue(s_user, s_request);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(Portal().Redeem(s_user, ticket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("%%%")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Redeem_WhatIsNoTicket_IsRefused(string ticket) => Assert.Null(Portal().Redeem(s_user, ticket));

    [Fact]
    public void Redeem_OfPortalsWithOtherKeys_IsRefused()
    {
        var stranger = new ConsoleTickets(new EphemeralDataProtectionProvider(), _time);
        Assert.Null(Portal().Redeem(s_user, stranger.Issue(s_user, s_request)));
    }

    private ConsoleTickets Portal() => new(_keys, _time);

    private static ClaimsPrincipal Person(string id) => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], "test"));
}
