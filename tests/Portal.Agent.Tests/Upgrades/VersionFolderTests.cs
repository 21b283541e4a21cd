using Portal.Agent.Upgrades;
using Portal.Engine.Errors;
using Portal.Testing.Engine;

namespace Portal.Agent.Tests.Upgrades;

/// <summary>Whatever ends in the middle leaves the version before or the new one, and the launcher's word against the agent's has one winner.</summary>
public sealed class VersionFolderTests : IDisposable
{
    private static readonly string s_name = new('a', 64);
    private static readonly OfferedVersion s_offer = new(Guid.NewGuid(), "2.0.0+new", s_name, 1000);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portal-versions-");
    private readonly PlainDurableFiles _files = new();

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Begin_Unpacked_IsOnTrialForTheVersionItselfAlone()
    {
        Begin();
        Assert.Null(Of("base").Trial);
        Assert.Equal(s_offer.Id, Of(s_name).Trial!.Id);
        Assert.Equal("1.0.0+old", File.ReadAllText(PathOf($"{s_name}/BASE")).Trim());
    }

    [Theory]
    [InlineData("BASE")]
    [InlineData("trial")]
    public void Begin_EndsAtAWrite_NothingIsOnTrialAndAgainItIs(string file)
    {
        _files.OnWrite = path =>
        {
            if (Path.GetFileName(path) == file)
            {
                throw new IOException("No space left on device");
            }
        };
        Assert.Throws<IOException>(Begin);
        Assert.False(File.Exists(PathOf("trial")));
        Of("base").Prune();
        Assert.Empty(Directory.GetDirectories(_root.FullName));

        _files.OnWrite = _ => { };
        Begin();
        Assert.NotNull(Of(s_name).Trial);
    }

    [Fact]
    public void Confirm_OnTrial_IsCurrentAndTheOneBeforeIsKeptAndAllOthersGo()
    {
        foreach (var name in (string[])[new('b', 64), new('c', 64)])
        {
            Directory.CreateDirectory(PathOf(name));
        }

        File.WriteAllText(PathOf("current"), new VersionRecord(Guid.NewGuid(), new('b', 64), "1.5.0+b").ToText());
        Begin();

        Assert.True(Of(s_name).Confirm());
        Of(s_name).Prune();
        Assert.Equal((s_offer.Id, true), Of(s_name).LastEnd is var (record, succeeded) ? (record.Id, succeeded) : default);
        Assert.Equal([s_name, new('b', 64)], Directory.GetDirectories(_root.FullName).Select(Path.GetFileName).Order());
        Assert.False(File.Exists(PathOf("trial")));
    }

    [Fact]
    public void Confirm_LauncherWasFaster_IsFalseAndTheReasonIsTold()
    {
        Begin();
        var tried = Of(s_name);
        File.Move(PathOf("trial"), PathOf("failed"));
        File.AppendAllText(PathOf("failed"), "reason=It was too slow.\nreason=Another.\n");

        Assert.False(tried.Confirm());
        Assert.Equal(("It was too slow.", false), Of("base").LastEnd is var (record, succeeded) ? (record.Reason, succeeded) : default);

        // The next upgrade forgets it.
        Begin();
        Assert.Null(Of("base").LastEnd);
    }

    [Theory]
    [InlineData("")]
    [InlineData("id=none\nname=x\n")]
    [InlineData("name=x\nbuild=y\n")]
    public void Records_ThatAreNone_AreAsIfTheyWereNotThere(string text)
    {
        File.WriteAllText(PathOf("failed"), text);
        Assert.Null(Of("base").LastEnd);
        File.WriteAllText(PathOf("failed"), new string('x', 100_000));
        Assert.Null(Of("base").LastEnd);
    }

    [Theory]
    [InlineData("2.0.0\nname=evil", 64, 1000)]
    [InlineData("../2.0.0", 64, 1000)]
    [InlineData("", 64, 1000)]
    [InlineData("2.0.0", 63, 1000)]
    [InlineData("2.0.0", 64, 0)]
    [InlineData("2.0.0", 64, 1L << 40)]
    public void Check_OfferThatIsNone_IsRefused(string build, int digits, long size)
    {
        var offer = new OfferedVersion(Guid.NewGuid(), build, new string('a', digits), size);
        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(offer.Check).Kind);
        Assert.Throws<EngineException>((s_offer with { Sha256 = new string('A', 64) }).Check);
        Assert.Throws<EngineException>((s_offer with { Id = Guid.Empty }).Check);
        Assert.Same(s_offer, s_offer.Check());
    }

    private void Begin()
    {
        var folder = Of("base");
        Directory.CreateDirectory(folder.Unpacking(s_name));
        folder.Begin(s_offer);
    }

    private VersionFolder Of(string name) => new(new LaunchedVersion(_root.FullName, name, "1.0.0+old", "1.0.0+old"), _files);

    private string PathOf(string name) => Path.Combine(_root.FullName, name);
}
