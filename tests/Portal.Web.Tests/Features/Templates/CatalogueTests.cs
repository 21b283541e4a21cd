using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Testing.Git;
using Portal.Web.Access;
using Portal.Web.Features.Templates;
using Portal.Web.Features.Templates.Catalogues;
using Portal.Web.Tests.Features.Rest;
using Portal.Web.Tests.Features.Stacks.Git;

namespace Portal.Web.Tests.Features.Templates;

public sealed class CatalogueTests(SourcePortal fixture) : IClassFixture<SourcePortal>, IAsyncLifetime
{
    private const string Template = "x-template: {title: Shop, category: ours}\nservices: {web: {image: nginx}}\n";
    private static int s_number;
    private WebApplication _server = null!;
    private ClaimsPrincipal _admin = null!;

    private Func<HttpRequest, IResult> Answer { get; set; } = _ => Results.Text(Template);

    private CatalogueDirectory Directory => fixture.Services.GetRequiredService<CatalogueDirectory>();

    private TemplateCatalogue Templates => fixture.Services.GetRequiredService<TemplateCatalogue>();

    public async Task InitializeAsync()
    {
        _admin = await fixture.PersonAsync(BuiltInRoles.Administrator, null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(async context => await Answer(context.Request).ExecuteAsync(context));
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Catalogue_AtAnAddress_IsReadAndOffered()
    {
        string? authorization = null;
        Answer = request =>
        {
            authorization = request.Headers.Authorization;
            return Results.Text(Template);
        };
        var draft = Draft();
        draft.Secret = "a token";

        var id = await Directory.SaveAsync(_admin, null, draft, default);

        var line = (await Directory.FindAsync(_admin, id, default))!;
        Assert.Equal(("", 1, "Bearer a token"), (line.Source.Error, line.Count, authorization));
        Assert.DoesNotContain("a token", line.Source.Secret, StringComparison.Ordinal);
        var entry = Assert.Single(await Templates.ListAsync(default), entry => entry.Catalogue == draft.Name);
        Assert.Equal(("Shop", "shop"), (entry.Template.Title, entry.Name));
        Assert.Equal(entry, await Templates.FindAsync(entry.Id, default));
        await Directory.RemoveAsync(_admin, id, default);
        Assert.Null(await Templates.FindAsync(entry.Id, default));
    }

    public static TheoryData<string, int, string> Wrong => new()
    {
        { "", 404, "answered 404" },
        { "", 302, "Redirects are not followed" },
        { "no template at all", 200, "x-template" },
        { "{\"version\": \"9\"}", 200, "not known" },
        { "{\"templates\": [", 200, "no JSON" },
        { "\u00ff\u00fe", 200, "x-template" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Catalogue_ThatGoesBad_IsKeptAsItWasAndTold(string body, int status, string told)
    {
        var draft = Draft();
        var id = await Directory.SaveAsync(_admin, null, draft, default);
        Answer = request =>
        {
            request.HttpContext.Response.Headers.Location = "http://127.0.0.1:1/";
            return Results.Text(body, statusCode: status);
        };

        var error = await Directory.RefreshAsync(_admin, id, default);

        Assert.Contains(told, error, StringComparison.Ordinal);
        var line = (await Directory.FindAsync(_admin, id, default))!;
        Assert.Equal((error, 1, 1), (line.Source.Error, line.Source.Failures, line.Count));
        Assert.InRange(line.Source.NextAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(13));
        Assert.Contains(await Templates.ListAsync(default), entry => entry.Catalogue == draft.Name);

        Answer = _ => Results.Text(Template);
        Assert.Equal("", await Directory.RefreshAsync(_admin, id, default));
        Assert.Equal("", (await Directory.FindAsync(_admin, id, default))!.Source.Error);
    }

    [Fact]
    public async Task Catalogue_ThatNeverEnds_IsBrokenOff()
    {
        Answer = _ => Results.Stream(async stream =>
        {
            var block = new byte[64 * 1024];
            for (var number = 0; number < 1000; number++)
            {
                await stream.WriteAsync(block);
            }
        });

        var id = await Directory.SaveAsync(_admin, null, Draft(), default);

        Assert.NotEqual("", (await Directory.FindAsync(_admin, id, default))!.Source.Error);
    }

    [Fact]
    public async Task Catalogue_InAPrivateNetwork_IsNotReadUnlessAllowed()
    {
        var asked = false;
        Answer = _ =>
        {
            asked = true;
            return Results.Text(Template);
        };
        await using var strict = fixture.Portal.Create(["--PORTAL_OUTGOING_INSIDE", ""]);
        var directory = strict.Services.GetRequiredService<CatalogueDirectory>();

        var id = await directory.SaveAsync(_admin, null, Draft(), default);

        Assert.Contains("PORTAL_OUTGOING_INSIDE", (await directory.FindAsync(_admin, id, default))!.Source.Error, StringComparison.Ordinal);
        Assert.False(asked);
    }

    [Fact]
    public async Task Catalogue_OverSsh_IsReadFromTheServerWhoseKeysWereAcceptedAlone()
    {
        await fixture.World.CommitAsync("shell-templates", ("shop.yaml", Template));
        await using var server = await SshServer.StartAsync(Path.Combine(fixture.World.Folder, "sshd-catalogue"));
        await using var other = await SshServer.StartAsync(Path.Combine(fixture.World.Folder, "sshd-catalogue-other"));
        string AddressAt(SshServer at) => $"ssh://root@127.0.0.1:{at.Port}{fixture.World.FolderOf("shell-templates")}/.git";
        var draft = Draft();
        (draft.Kind, draft.Address, draft.Secret) = (CatalogueKind.Git, AddressAt(server), server.PrivateKey);

        // Without keys that were accepted nothing is kept, and of others nothing is read.
        var refused = await Assert.ThrowsAsync<CatalogueException>(() => Directory.SaveAsync(_admin, null, draft, default));
        Assert.Contains("server's own keys", refused.Message, StringComparison.Ordinal);
        var foreign = await Directory.ReadHostKeysAsync(_admin, AddressAt(other), default);
        draft.HostKeys = string.Join('\n', foreign.Select(key => key.Line));
        var id = await Directory.SaveAsync(_admin, null, draft, default);
        var line = (await Directory.FindAsync(_admin, id, default))!;
        Assert.Equal(0, line.Count);
        Assert.NotEqual("", line.Source.Error);

        draft.HostKeys = string.Join('\n', (await Directory.ReadHostKeysAsync(_admin, draft.Address, default)).Select(key => key.Line));
        draft.Secret = "";
        await Directory.SaveAsync(_admin, id, draft, default);

        line = (await Directory.FindAsync(_admin, id, default))!;
        Assert.Equal(("", 1), (line.Source.Error, line.Count));
        Assert.DoesNotContain("PRIVATE KEY", line.Source.Secret, StringComparison.Ordinal);

        // For another server both are entered anew.
        draft.Address = AddressAt(other);
        draft.HostKeys = "";
        await Assert.ThrowsAsync<CatalogueException>(() => Directory.SaveAsync(_admin, id, draft, default));
        await Assert.ThrowsAsync<CatalogueException>(() => Directory.ReadHostKeysAsync(_admin, "https://host/x.git", default));
        var viewer = await fixture.PersonAsync(BuiltInRoles.Viewer, null);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.ReadHostKeysAsync(viewer, AddressAt(server), default));
        await Directory.RemoveAsync(_admin, id, default);
    }

    [Fact]
    public async Task Catalogue_InARepository_HasItsTemplatesAndThoseOfStacksBesideIt()
    {
        await fixture.World.CommitAsync("stacks", ("blog/docker-compose.yml", "---\nservices: {blog: {image: '${IMAGE}'}}\n"));
        var list = $$$"""
            {"version": "3", "templates": [
              {"type": 3, "title": "Blog", "repository": {"url": "{{{fixture.World.AddressOf("stacks")}}}", "stackfile": "blog/docker-compose.yml"},
               "env": [{"name": "IMAGE", "default": "wordpress"}]},
              {"type": 3, "title": "Gone", "repository": {"url": "{{{fixture.World.AddressOf("stacks")}}}", "stackfile": "none.yml"}},
              {"type": 2, "title": "Swarm", "repository": {"url": "https://x", "stackfile": "a"}},
              {"type": 1, "title": "Web", "image": "nginx", "ports": ["8080:80/tcp"]}]}
            """;
        await fixture.World.CommitAsync(
            "catalogue", ("all/shop.yaml", Template), ("all/other.yaml", "services: {x: {image: y}}\n"), ("all/list.json", list),
            ("elsewhere/shop.yaml", Template), ("README.md", "x-template"));
        var draft = new CatalogueDraft
        {
            Name = $"git {Interlocked.Increment(ref s_number)}", Kind = CatalogueKind.Git, Address = fixture.World.AddressOf("catalogue"),
            Folder = "all", UserName = GitServer.User, Secret = GitServer.Password, Certificates = fixture.World.Certificates,
        };

        var id = await Directory.SaveAsync(_admin, null, draft, default);

        var line = (await Directory.FindAsync(_admin, id, default))!;
        Assert.Equal("", line.Source.Error);
        var mine = (await Templates.ListAsync(default)).Where(entry => entry.Catalogue == draft.Name).ToList();
        Assert.Equal(["Blog", "Shop", "Web"], mine.Select(entry => entry.Template.Title));
        Assert.Contains("'${IMAGE}'", mine[0].Template.Text, StringComparison.Ordinal);
        Assert.Contains(line.Notes, note => note.Contains("Swarm", StringComparison.Ordinal));
        Assert.Contains(line.Notes, note => note.Contains("none.yml", StringComparison.Ordinal));

        // To another server the login would have to be entered anew.
        draft.Address = "https://another.example/x.git";
        draft.Secret = "";
        await Assert.ThrowsAsync<CatalogueException>(() => Directory.SaveAsync(_admin, id, draft, default));
    }

    [Fact]
    public async Task Due_Catalogues_AreReadAgain()
    {
        var id = await Directory.SaveAsync(_admin, null, Draft(), default);
        Answer = _ => Results.Text(Template.Replace("Shop", "Newer shop", StringComparison.Ordinal));
        await using (var database = await fixture.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            await Directory.ReadDueAsync(default);
            Assert.DoesNotContain(await Templates.ListAsync(default), entry => entry.Template.Title == "Newer shop");
            var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
            await database.TemplateSources.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, past));
        }

        await Directory.ReadDueAsync(default);

        Assert.Contains(await Templates.ListAsync(default), entry => entry.Template.Title == "Newer shop");
        var next = (await Directory.FindAsync(_admin, id, default))!.Source.NextAt - TimeProvider.System.GetUtcNow();
        Assert.InRange(next, TimeSpan.FromHours(4), TimeSpan.FromHours(8));
    }

    [Theory]
    [InlineData("", "url", "https://x.example/a", "")]
    [InlineData("a", "ftp", "https://x.example/a", "")]
    [InlineData("a", "url", "file:///etc/passwd", "")]
    [InlineData("a", "url", "https://me:secret@x.example/a", "")]
    [InlineData("a", "git", "git@x.example:a/b.git", "")]
    [InlineData("a", "git", "http://x.example/a.git", "")]
    [InlineData("a", "git", "https://x.example/a.git", "../up")]
    [InlineData("a", "git", "https://x.example/a.git", "/etc")]
    public async Task Save_WhatIsWrong_IsRefused(string name, string kind, string address, string folder) =>
        await Assert.ThrowsAsync<CatalogueException>(() => Directory.SaveAsync(
            _admin, null, new CatalogueDraft { Name = name, Kind = kind, Address = address, Folder = folder }, default));

    [Fact]
    public async Task Catalogues_OfWhoMayNot_AreNeitherSeenNorTouched()
    {
        var id = await Directory.SaveAsync(_admin, null, Draft(), default);
        var deployer = await fixture.PersonAsync(BuiltInRoles.Deployer, null);
        Func<Task>[] calls =
        [
            () => Directory.ListAsync(deployer, default), () => Directory.FindAsync(deployer, id, default),
            () => Directory.SaveAsync(deployer, id, Draft(), default), () => Directory.RemoveAsync(deployer, id, default),
            () => Directory.RefreshAsync(deployer, id, default),
        ];

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<AccessDeniedException>(call);
        }
    }

    [Fact]
    public async Task Catalogue_ByProgram_IsAddedReadAndRemoved()
    {
        using var program = await fixture.ProgramAsync(_admin);
        var draft = Draft();
        var made = await program.SendAsync(
            HttpMethod.Post, "/api/v1/template-catalogues", new { name = draft.Name, kind = "url", address = draft.Address, secret = "hush" })
            .OkAsync(System.Net.HttpStatusCode.Created);
        var path = $"/api/v1/template-catalogues/{made.GetProperty("id").GetString()}";

        var read = await program.GetAsync(path).OkAsync();
        Assert.Equal(1, read.GetProperty("templates").GetInt32());
        Assert.DoesNotContain("hush", read.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("", (await program.PostAsync(path + "/refresh", null).OkAsync()).GetProperty("error").GetString());
        var all = (await program.GetAsync("/api/v1/templates?limit=500").OkAsync()).GetRawText();
        Assert.Contains($"\"{draft.Name}\"", all, StringComparison.Ordinal);
        await program.DeleteAsync(path).OkAsync(System.Net.HttpStatusCode.NoContent);
        await program.GetAsync(path).ProblemAsync(404, "not-found");
    }

    private CatalogueDraft Draft() => new()
    {
        Name = $"catalogue {Interlocked.Increment(ref s_number)}", Address = $"{_server.Urls.First()}/shop.yaml",
    };
}
