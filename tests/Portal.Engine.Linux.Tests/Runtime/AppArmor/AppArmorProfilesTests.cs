using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Runtime.AppArmor;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Runtime.AppArmor;

/// <summary>On a host that is made of files: few kernels of test machines have AppArmor.</summary>
public sealed class AppArmorProfilesTests : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    private string Calls => _instance.TempPath("calls");

    private string Loaded => _instance.TempPath("sys/kernel/security/apparmor/profiles");

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Theory]
    [InlineData(null, false, "portal-default")]
    [InlineData("", false, "portal-default")]
    [InlineData(null, true, "unconfined")]
    [InlineData("unconfined", false, "unconfined")]
    [InlineData("mine", false, "mine")]
    [InlineData("mine", true, "mine")]
    public void ProfileOf_HostWithAppArmor_IsDockersChoice(string? asked, bool privileged, string expected)
    {
        using var profiles = Host();

        Assert.True(profiles.IsEnabled);
        Assert.Equal(expected, profiles.ProfileOf(asked, privileged));
    }

    [Theory]
    [InlineData("sys/module/apparmor/parameters/enabled")]
    [InlineData("sys/kernel/security/apparmor/profiles")]
    [InlineData("sbin/apparmor_parser")]
    public void ProfileOf_HostWithoutAPart_IsNone(string part)
    {
        using var profiles = Host();
        File.Delete(_instance.TempPath(part));

        Assert.False(profiles.IsEnabled);
        Assert.Null(profiles.ProfileOf("mine", privileged: false));
        Assert.Null(profiles.ProfileOf(null, privileged: false));
    }

    [Fact]
    public void IsEnabled_KernelThatHasItOff_IsFalse()
    {
        using var profiles = Host();
        File.WriteAllText(_instance.TempPath("sys/module/apparmor/parameters/enabled"), "N\n");

        Assert.False(profiles.IsEnabled);
    }

    [Fact]
    public async Task EnsureAsync_Default_IsLoadedOnceAndAgainWhenItIsGone()
    {
        using var profiles = Host();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => profiles.EnsureAsync("portal-default", default)));

        var file = Path.Combine(_instance.RunRoot, "apparmor/portal-default");
        Assert.Equal([$"-Kr {file}.next"], await File.ReadAllLinesAsync(Calls));
        var text = await File.ReadAllTextAsync(file);
        Assert.Contains("profile portal-default flags=(attach_disconnected,mediate_deleted) {", text);
        Assert.Contains("deny mount,", text);
        Assert.Contains("deny @{PROC}/sysrq-trigger rwklx,", text);
        Assert.Contains("deny /sys/[^f]*/** wklx,", text);
        Assert.Contains("deny /sys/firmware/** rwklx,", text);
        Assert.Contains("signal (receive) peer=\"the-agent\",", text);
        Assert.StartsWith("@{PROC}=/proc/\n", text);
        Assert.DoesNotContain("#include", text);

        await File.WriteAllTextAsync(Loaded, "other (enforce)\n");
        await profiles.EnsureAsync("portal-default", default);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Calls)).Length);
    }

    [Fact]
    public async Task EnsureAsync_LoadedByAnEngineBefore_IsReplacedOnlyWhereItDiffers()
    {
        using (var first = Host())
        {
            await first.EnsureAsync("portal-default", default);
        }

        using var same = Host();
        await File.AppendAllTextAsync(Loaded, "portal-default (enforce)\n");
        await same.EnsureAsync("portal-default", default);
        Assert.Single(await File.ReadAllLinesAsync(Calls));

        using var other = Host();
        await File.AppendAllTextAsync(Loaded, "portal-default (enforce)\n");
        await File.AppendAllTextAsync(Path.Combine(_instance.RunRoot, "apparmor/portal-default"), "# of an engine before\n");
        await other.EnsureAsync("portal-default", default);
        await other.EnsureAsync("portal-default", default);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Calls)).Length);
    }

    [Fact]
    public async Task EnsureAsync_HostWithTheDistributionsFiles_IncludesThem()
    {
        using var profiles = Host();
        foreach (var included in new[] { "etc/apparmor.d/tunables/global", "etc/apparmor.d/abstractions/base" })
        {
            Write(included, "");
        }

        await profiles.EnsureAsync("portal-default", default);

        var text = await File.ReadAllTextAsync(Path.Combine(_instance.RunRoot, "apparmor/portal-default"));
        Assert.Contains("#include <tunables/global>", text);
        Assert.Contains("#include <abstractions/base>", text);
    }

    [Theory]
    [InlineData("unconfined")]
    [InlineData("loaded-before")]
    [InlineData(null)]
    public async Task EnsureAsync_NothingToLoad_CallsNobody(string? profile)
    {
        using var profiles = Host();
        await profiles.EnsureAsync(profile, default);

        Assert.False(File.Exists(Calls));
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("loaded")]
    [InlineData("portal-default-not")]
    public async Task EnsureAsync_NamedAndNotLoaded_IsRefused(string profile)
    {
        using var profiles = Host();
        var failure = await Assert.ThrowsAsync<EngineException>(() => profiles.EnsureAsync(profile, default));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains($"apparmor={profile}", failure.Message);
    }

    [Fact]
    public async Task EnsureAsync_ParserThatFails_SaysItsWords()
    {
        using var profiles = Host();
        Write("sbin/apparmor_parser", "#!/bin/sh\necho 'AppArmor parser error' >&2\nexit 3\n");

        var failure = await Assert.ThrowsAsync<EngineException>(() => profiles.EnsureAsync("portal-default", default));

        Assert.Equal(EngineErrorKind.Unavailable, failure.Kind);
        Assert.Contains("ended with 3: AppArmor parser error", failure.Message);
    }

    private AppArmorProfiles Host()
    {
        Write("sys/module/apparmor/parameters/enabled", "Y\n");
        Write("sys/kernel/security/apparmor/profiles", "loaded-before (enforce)\n");
        Write("proc/self/attr/current", "the-agent (enforce)\n");
        Write("sbin/apparmor_parser", $"#!/bin/sh\necho \"$@\" >> {Calls}\necho 'portal-default (enforce)' >> {Loaded}\n");
        return new AppArmorProfiles(
            new AppArmorPaths(_instance.TempRoot),
            new EngineOptions { Name = _instance.Name, DataRoot = _instance.DataRoot, RunRoot = _instance.RunRoot });
    }

    private void Write(string name, string text)
    {
        var path = _instance.TempPath(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }
}
