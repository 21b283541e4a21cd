using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Alerts;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Alerts;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Languages;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>What targets are told is in their language, and mail in that of who reads it.</summary>
public sealed class AlertLanguageTests : IAsyncLifetime
{
    private readonly TestPortal _portal = new() { Flags = ["--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8"] };
    private readonly List<string> _posted = [];
    private readonly AlertMessage _message = new(
        "critical: Disk fills up: n1",
        "critical",
        false,
        [new AlertLine("firing", "Disk fills up", "web-1", "n1", "exit code 3", DateTimeOffset.UnixEpoch)],
        2);

    private WebApplication _receiver = null!;
    private ClaimsPrincipal _admin = new();

    private AlertDirectory Directory => _portal.Services.GetRequiredService<AlertDirectory>();

    public async Task InitializeAsync()
    {
        await _portal.InitializeAsync();
        var id = await _portal.AddPersonAsync("operator", BuiltInRoles.Administrator);
        _admin = new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, "operator")], "test"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Urls.Add("http://127.0.0.1:0");
        _receiver.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (_posted)
            {
                _posted.Add(body);
            }
        });
        await _receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _portal.DisposeAsync();
    }

    [Fact]
    public void ForReader_GermanAndChinese_TellsTheWordsAndLeavesTheNames()
    {
        var german = LanguageFlow.In(Language.Find("de")!, () => _message.ForReader() is var told ? $"{told.Title}\n{told.ToText()}" : "");
        var chinese = LanguageFlow.In(Language.Find("zh-Hans")!, () => _message.ForReader().ToText());
        var english = LanguageFlow.InEnglish(() => _message.ForReader().ToText());

        Assert.Equal("kritisch: Disk fills up: n1\n!! web-1 auf n1: Exit-Code 3 (seit 1970-01-01 00:00:00Z)\nund 2 weitere\n", german);
        Assert.StartsWith("!! n1 上的 web-1：退出码 3（自 1970-01-01 00:00:00Z）\n", chinese, StringComparison.Ordinal);
        Assert.Equal("!! web-1 on n1: exit code 3 (since 1970-01-01 00:00:00Z)\nand 2 more\n", english);
    }

    [Theory]
    [InlineData("en", "Test: alerts of this portal arrive here")]
    [InlineData("de", "Test: Alarme dieses Portals kommen hier an")]
    [InlineData("zh-Hans", "测试：此门户的告警会送达这里")]
    public async Task Channel_IsToldInItsOwnLanguage(string language, string expected)
    {
        var target = await AddAsync(TargetKind.Slack, language, new TargetSettings { Url = _receiver.Urls.Single() + "/hook" });

        Assert.Null(await Directory.TestAsync(_admin, target, default));

        using var json = JsonDocument.Parse(Assert.Single(_posted));
        Assert.Contains(expected, json.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_KeptInEnglish_ArrivesInTheTargetsLanguage()
    {
        var target = await AddAsync(TargetKind.Webhook, "de", new TargetSettings { Url = _receiver.Urls.Single() + "/hook" });
        await using var database = await OpenAsync();
        var now = TimeProvider.System.GetUtcNow();
        database.AlertDeliveries.Add(new AlertDelivery { TargetId = target, Message = _message.ToJson(), CreatedAt = now, DueAt = now });
        await database.SaveChangesAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(_posted.Count == 1));

        var told = AlertMessage.Parse(_posted[0]);
        Assert.Equal("kritisch: Disk fills up: n1", told.Title);
        Assert.Equal(("Disk fills up", "web-1", "Exit-Code 3"), (told.Alerts[0].Rule, told.Alerts[0].Subject, told.Alerts[0].Value));
    }

    [Fact]
    public async Task Mail_ToPeopleOfSeveralLanguages_GoesOutInEachOnesOwn()
    {
        await PersonAsync("anna", "anna@example.com", "de");
        await PersonAsync("wei", "Wei@Example.com", "zh-Hans");
        await PersonAsync("bob", "bob@example.com", null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = ServeAsync(listener, 3);
        var target = await AddAsync(TargetKind.Email, "en", new TargetSettings
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, Security = "none", From = "portal@example.com",
            To = "anna@example.com, wei@example.com, bob@example.com, ops@example.com",
        });

        Assert.Null(await Directory.TestAsync(_admin, target, default));

        var mails = await server.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
        Assert.Equal(
            [
                "anna@example.com|!! dieses Portal: alles in Ordnung (seit",
                "bob@example.com, ops@example.com|!! this portal: nothing is wrong (since",
                "wei@example.com|!! 此门户：一切正常（自",
            ],
            mails.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Mail_ToAnAddressThatTwoPeopleShare_IsInTheTargetsLanguage()
    {
        await PersonAsync("one", "both@example.com", "de");
        await PersonAsync("two", "both@example.com", "zh-Hans");
        await using var database = await OpenAsync();

        var readers = await TargetReaders.OfAsync(
            database, new AlertTarget { Kind = "Email", Language = "en" }, new TargetSettings { To = "both@example.com" }, default);

        Assert.Equal(("both@example.com", "en"), (readers.Single().Settings.To, readers.Single().Language.Code));
    }

    [Fact]
    public async Task SaveTargetAsync_LanguageThatIsNone_IsRefused()
    {
        var target = new AlertTarget { Id = Guid.NewGuid(), Name = "odd", Kind = "Slack", Language = "fr" };

        var said = await Directory.SaveTargetAsync(_admin, target, new TargetSettings { Url = "https://example.com/" }, default);

        Assert.Equal("A language is one of en, de, zh-Hans.", said);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://ann:secret@portal.example.com")]
    [InlineData("https://portal.example.com/?next=")]
    [InlineData("portal.example.com")]
    public async Task SaveTargetAsync_LinksLeadToWhatIsNoPortal_IsRefused(string portal)
    {
        var target = new AlertTarget { Id = Guid.NewGuid(), Name = "astray", Kind = "Slack", PortalUrl = portal };

        var said = await Directory.SaveTargetAsync(_admin, target, new TargetSettings { Url = "https://example.com/" }, default);

        Assert.Equal("The portal's own address looks like https://portal.example.com, without a login, query or fragment.", said);
    }

    [Fact]
    public async Task SaveTargetAsync_LinksLeadToAPortal_NothingInItsAddressEndsALink()
    {
        var id = Guid.NewGuid();
        var target = new AlertTarget { Id = id, Name = "linked", Kind = "Slack", PortalUrl = "https://Portal.example.com/a|b>c/" };
        Assert.Null(await Directory.SaveTargetAsync(_admin, target, new TargetSettings { Url = "https://example.com/" }, default));

        await using var database = await OpenAsync();
        Assert.Equal("https://portal.example.com/a%7Cb%3Ec", (await database.AlertTargets.FindAsync(id))!.PortalUrl);
    }

    private async Task<Guid> AddAsync(TargetKind kind, string language, TargetSettings settings)
    {
        var target = new AlertTarget { Id = Guid.NewGuid(), Name = $"target-{Guid.NewGuid():N}", Kind = $"{kind}", Language = language };
        Assert.Null(await Directory.SaveTargetAsync(_admin, target, settings, default));
        return target.Id;
    }

    private async Task PersonAsync(string name, string mail, string? language)
    {
        var id = await _portal.AddPersonAsync(name, BuiltInRoles.Viewer);
        await using var scope = _portal.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var person = (await people.FindByIdAsync($"{id}"))!;
        Assert.True((await people.SetEmailAsync(person, mail)).Succeeded);
        if (language is not null)
        {
            Assert.True((await PersonChoice.SetAsync(people, person, PortalClaims.Language, language)).Succeeded);
        }
    }

    private Task<PortalDbContext> OpenAsync() =>
        _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    // Each mail as who gets it and how its text begins.
    private static async Task<List<string>> ServeAsync(TcpListener listener, int count)
    {
        var mails = new List<string>();
        for (var i = 0; i < count; i++)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 here");
            var (recipients, body) = (new List<string>(), new StringBuilder());
            while (await reader.ReadLineAsync() is { } line && line != "QUIT")
            {
                if (line.StartsWith("RCPT TO:<", StringComparison.Ordinal))
                {
                    recipients.Add(line[9..^1]);
                }

                await writer.WriteLineAsync(line == "DATA" ? "354 go on" : "250 ok");
                var isBody = false;
                while (line == "DATA" && await reader.ReadLineAsync() is { } part && part != ".")
                {
                    isBody |= part.Length == 0;
                    body.Append(isBody ? part : "");
                }

                if (line == "DATA")
                {
                    await writer.WriteLineAsync("250 taken");
                }
            }

            var text = Encoding.UTF8.GetString(Convert.FromBase64String(body.ToString()));
            mails.Add($"{string.Join(", ", recipients)}|{text[..text.IndexOf(" 2", StringComparison.Ordinal)]}");
        }

        return mails;
    }
}
