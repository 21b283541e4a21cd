using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Compose.Problems;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Stacks;

/// <summary>Revisions of several files.</summary>
public sealed class StackFilesTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Base = "services:\n  web:\n    image: web\n    env_file: conf/web.env\n";

    private StackDirectory Directory => portal.Services.GetRequiredService<StackDirectory>();

    [Fact]
    public async Task Files_OfARevision_AreKeptOnceAndGivenBack()
    {
        var (user, node) = (await PersonAsync("files-keeper"), await portal.AddNodeAsync("files-node"));
        var program = new StackFileContent([0x7F, 0x45, 0, 0xFF], IsExecutable: true);
        var first = Set(["compose.yaml", "over.yaml"],
            ("compose.yaml", Base), ("over.yaml", "services: {web: {restart: always}}"), ("conf/web.env", "A=1"));
        first = new StackFileSet(first.ComposeFiles, [.. first.Files, KeyValuePair.Create("bin/run", program)]);
        var draft = new StackDraft(null, node, "files", 0, first, "", "");
        var id = await Directory.SaveAsync(user, draft, default);
        var second = new StackFileSet(["compose.yaml"], first.Files.Where(file => file.Key != "over.yaml"));
        await Directory.SaveAsync(user, draft with { Id = id, Basis = 1, Files = second }, default);

        Assert.True(first.IsSameAs((await Directory.ReadFilesAsync(user, id, 1, default))!));
        Assert.True(second.IsSameAs((await Directory.ReadFilesAsync(user, id, 2, default))!));
        Assert.Null(await Directory.ReadFilesAsync(user, id, 3, default));
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        Assert.Equal(3, await database.StackContents.CountAsync(content => content.StackId == id));
        Assert.Equal(5, await database.StackFiles.CountAsync(file => file.StackId == id));
        await Directory.RemoveAsync(user, id, default);
        Assert.Equal(0, await database.StackContents.CountAsync(content => content.StackId == id));
    }

    [Fact]
    public async Task Revision_OfBefore_HasItsOneFile()
    {
        var (user, node) = (await PersonAsync("files-old"), await portal.AddNodeAsync("files-old"));
        var id = await Directory.SaveAsync(user, new StackDraft(null, node, "old", 0, "services: {web: {image: a}}", "", ""), default);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

        // As a portal of the release before writes it.
        await database.Database.ExecuteSqlAsync(
            $"""
            insert into stack_revisions (stack_id, number, author_id, author_name, message, created_at, file, value_names, kept_values)
            values ({id}, 2, {id}, 'old', '', now(), 'services:', '', '')
            """);

        var files = (await Directory.ReadFilesAsync(user, id, 2, default))!;

        Assert.Equal(["compose.yaml"], files.ComposeFiles);
        Assert.Equal("services:", files.Read("compose.yaml"));
    }

    [Fact]
    public async Task Check_NamesTheFileLineAndKey()
    {
        var (user, node) = (await PersonAsync("files-check"), await portal.AddNodeAsync("files-check"));
        var files = Set(["compose.yaml", "over.yaml"],
            ("compose.yaml", Base), ("over.yaml", "services:\n  web:\n    restrat: always\n"), ("conf/web.env", "A=1"));

        var check = await Directory.CheckAsync(user, new StackDraft(null, node, "check", 0, files, "", ""), default);

        var problem = Assert.Single(check.Problems, problem => problem.Severity == ComposeSeverity.Error);
        Assert.Equal(("over.yaml", 3, "services.web.restrat"), (problem.Mark.File, problem.Mark.Line, problem.Key));
    }

    [Fact]
    public async Task File_ThatIsNoText_IsToldWhereItIsAskedFor()
    {
        var (user, node) = (await PersonAsync("files-binary"), await portal.AddNodeAsync("files-binary"));
        var files = new StackFileSet(["compose.yaml"],
        [
            KeyValuePair.Create("compose.yaml", StackFileContent.Of(Base)),
            KeyValuePair.Create("conf/web.env", new StackFileContent([0xFF, 0xFE])),
        ]);

        var check = await Directory.CheckAsync(user, new StackDraft(null, node, "binary", 0, files, "", ""), default);

        var problem = Assert.Single(check.Problems);
        Assert.Equal((4, "'conf/web.env' is no text in UTF-8."), (problem.Mark.Line, problem.Message));
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("~/a")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("")]
    [InlineData("compose.yaml/below")]
    public async Task Path_ThatLeadsOutOrHasTwoMeanings_IsRefused(string path)
    {
        var (user, node) = (await PersonAsync($"files-{Guid.NewGuid():N}"[..20]), Guid.NewGuid());
        var files = Set(["compose.yaml"], ("compose.yaml", "services: {web: {image: a}}"), (path, "x"));

        await Assert.ThrowsAsync<StackException>(
            () => Directory.SaveAsync(user, new StackDraft(null, node, "p", 0, files, "", ""), default));
        Assert.NotNull(StackFileRules.ProblemOf(files));
    }

    [Fact]
    public void Set_ThatIsTooMuch_IsRefused()
    {
        var compose = KeyValuePair.Create("compose.yaml", StackFileContent.Of("services: {}"));
        StackFileSet Of(int count, int size) => new(
            ["compose.yaml"],
            Enumerable.Range(0, count).Select(number => KeyValuePair.Create($"f{number}", new StackFileContent(new byte[size])))
                .Append(compose));

        Assert.Null(StackFileRules.ProblemOf(Of(499, 1)));
        Assert.NotNull(StackFileRules.ProblemOf(Of(500, 1)));
        Assert.NotNull(StackFileRules.ProblemOf(Of(1, (4 << 20) + 1)));
        Assert.NotNull(StackFileRules.ProblemOf(Of(4, 4 << 20)));
        Assert.NotNull(StackFileRules.ProblemOf(new StackFileSet(["a"], [compose])));
        Assert.NotNull(StackFileRules.ProblemOf(new StackFileSet([], [compose])));
        Assert.NotNull(StackFileRules.ProblemOf(new StackFileSet(["compose.yaml", "compose.yaml"], [compose])));
    }

    private static StackFileSet Set(string[] composeFiles, params (string Path, string Text)[] files) =>
        new(composeFiles, files.Select(file => KeyValuePair.Create(file.Path, StackFileContent.Of(file.Text))));

    private async Task<ClaimsPrincipal> PersonAsync(string name)
    {
        var id = await portal.AddPersonAsync(name, BuiltInRoles.Deployer);
        return new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
