using System.Net;
using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Languages;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Languages;

/// <summary>In whose clock a person's times are.</summary>
public sealed class TimeZoneChoiceTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task Profile_ZoneChosen_IsTheDocumentsEverywhereUntilTakenBack()
    {
        await portal.AddPersonAsync("traveller", BuiltInRoles.Viewer);
        using var client = await portal.SignInAsync("traveller");
        var before = await client.GetStringAsync("/account/profile");

        using var chosen = await client.PostFormAsync("/account/profile", Fields("Asia/Kolkata"));
        var here = await client.GetStringAsync("/");
        using var elsewhere = await portal.SignInAsync("traveller");
        var there = await elsewhere.GetStringAsync("/account/profile");
        using var back = await elsewhere.PostFormAsync("/account/profile", Fields(""));
        var after = await elsewhere.GetStringAsync("/account/profile");

        Assert.DoesNotContain("data-zone", before, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        Assert.Contains(" data-zone=\"Asia/Kolkata\"", here, StringComparison.Ordinal);
        Assert.Contains("<option value=\"Asia/Kolkata\" selected", there, StringComparison.Ordinal);
        Assert.DoesNotContain("data-zone", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nowhere/Else")]
    [InlineData("Asia/Kolkata\" onload=\"x")]
    [InlineData("../etc/passwd")]
    public async Task Profile_ZoneThatIsNone_IsTheBrowsers(string zone)
    {
        var person = $"odd-{Guid.NewGuid():N}"[..12];
        await portal.AddPersonAsync(person, BuiltInRoles.Viewer);
        using var client = await portal.SignInAsync(person);

        using var answer = await client.PostFormAsync("/account/profile", Fields(zone));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("data-zone", await client.GetStringAsync("/account/profile"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UTC", "UTC")]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("Europe", null)]
    [InlineData("Europe/", null)]
    [InlineData("Europe/../../passwd", null)]
    [InlineData("Etc/GMT+3", null)]
    [InlineData("localtime", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Find_Name_IsAPlaceOrNothing(string? name, string? expected)
    {
        Assert.Equal(expected, TimeZoneChoice.Find(name));
        var person = new ClaimsPrincipal(new ClaimsIdentity(name is null ? [] : [new Claim(PortalClaims.TimeZone, name)]));
        Assert.Equal(expected, TimeZoneChoice.Of(person));
    }

    [Fact]
    public void All_ToChooseFrom_CanBeFoundAndBeginWithUtc()
    {
        Assert.Equal("UTC", TimeZoneChoice.All[0]);
        Assert.True(TimeZoneChoice.All.Count > 300);
        Assert.All(TimeZoneChoice.All, zone => Assert.Equal(zone, TimeZoneChoice.Find(zone)));
    }

    private static Dictionary<string, string> Fields(string zone) => new()
    {
        ["_handler"] = "profile", ["Input.DisplayName"] = "", ["Input.Mail"] = "", ["Input.Language"] = "", ["Input.Zone"] = zone,
    };
}
