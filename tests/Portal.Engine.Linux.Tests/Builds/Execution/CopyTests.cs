using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class CopyTests
{
    [Fact]
    public async Task Copy_OfPatternsParentsExcludesAndLinks_PlacesWhatIsMeant()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync(
            """
            FROM busybox
            COPY src/*.txt /patterns/
            COPY --exclude=*.md --exclude=sub src /excluded/
            COPY --parents src/sub/deep src/./one.txt /parents/
            COPY --link --chmod=u=rwX,go= src/one.txt /linked/one
            COPY link.txt /followed
            COPY <<one <<"two" /documents/
            a $HOME ${NONE:-b}
            one
            a $HOME
            two
            """,
            ("src/one.txt", "1"), ("src/two.txt", "2"), ("src/read.md", "m"), ("src/sub/deep", "d"), ("link.txt", "->src/one.txt"));

        Assert.Equal("one.txt\ntwo.txt\n", await host.RunAsync(image, "ls /patterns"));
        Assert.Equal("one.txt\ntwo.txt\n", await host.RunAsync(image, "ls /excluded"));
        Assert.Equal("/parents/one.txt\n/parents/src/sub/deep\n", await host.RunAsync(image, "find /parents -type f | sort"));
        Assert.Equal("600\n1 1", await host.RunAsync(image, "stat -c %a /linked/one; cat /followed; echo -n ' '; cat /linked/one"));
        Assert.Equal("a  b\na $HOME\n", await host.RunAsync(image, "cat /documents/one /documents/two"));
    }

    [Fact]
    public async Task Copy_OfHardLinks_KeepsThemWithinASource()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync(
            """
            FROM busybox AS build
            RUN mkdir /d && echo x > /d/a && ln /d/a /d/b && mkdir /d/e && ln /d/a /d/e/c && echo y > /d/f
            FROM busybox
            COPY --from=build /d /d
            COPY --from=build /d/a /d/b /apart/
            COPY --from=build --exclude=a /d /some
            """);
        Assert.Equal(
            "3 3 3 1\n1 1\n2 2\n",
            await host.RunAsync(
                image,
                "echo $(stat -c %h /d/a /d/b /d/e/c /d/f); echo $(stat -c %h /apart/a /apart/b); echo $(stat -c %h /some/b /some/e/c)"));

        // Which files are one is part of what is copied: the cache knows the difference.
        const string Cached = "FROM busybox\nADD t.tar /\nRUN stat -c %h /a";
        await host.BuildAsync(new BuildRequest { NetworkMode = "none" }, Nested(Cached, linked: true));
        Assert.Equal("2\n", host.Output);
        await host.BuildAsync(new BuildRequest { NetworkMode = "none" }, Nested(Cached, linked: false));
        Assert.Equal("1\n", host.Output);
    }

    private static byte[] Nested(string dockerfile, bool linked)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "a") { DataStream = new MemoryStream("x"u8.ToArray()) });
            tar.WriteEntry(linked
                ? new PaxTarEntry(TarEntryType.HardLink, "b") { LinkName = "a" }
                : new PaxTarEntry(TarEntryType.RegularFile, "b") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        return BuildHost.Context(("Dockerfile", dockerfile), ("t.tar", Encoding.Latin1.GetString(stream.ToArray())));
    }

    [Fact]
    public async Task Copy_OntoWhatIsThere_KeepsFoldersAndFollowsLinksWithinTheRoot()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync(
            """
            FROM busybox
            RUN mkdir -p -m 711 /kept /real && chown 7:8 /kept && ln -s /real /way && ln -s ../../../../../real /up && ln -s /etc /kept/out
            COPY a /kept/sub/
            COPY a /way/
            COPY a /up/b
            """,
            ("a", "x"));

        Assert.Equal("711 7:8\n", await host.RunAsync(image, "stat -c '%a %u:%g' /kept"));
        Assert.Equal("a\nb\n", await host.RunAsync(image, "ls /real"));
        Assert.Equal("/real\n", await host.RunAsync(image, "readlink /way"));
        var wrong = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync("FROM busybox\nCOPY d /bin/sh", ("d/f", "x")));
        Assert.Contains("cannot copy to non-directory", wrong.Message);
        var many = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync("FROM busybox\nCOPY a b /c", ("a", "x"), ("b", "x")));
        Assert.Contains("must be a directory and end with a /", many.Message);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../../../../etc/passwd")]
    [InlineData("/proc/self/root/etc/passwd")]
    public async Task Copy_OfLinksOutOfTheContext_ReachesNothingOfTheHost(string target)
    {
        await using var host = await BuildHost.StartAsync();
        (string, string)[] files = [("leak", $"->{target}"), ("folder/leak", $"->{target}")];
        await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync("FROM busybox\nCOPY leak /leaked", files));
        await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync("FROM busybox\nCOPY ../../../etc/passwd /leaked", files));

        // A link within what is copied is copied as a link.
        var image = await host.BuildAsync("FROM scratch AS s\nCOPY folder /\nFROM busybox\nCOPY --from=s / /copied/", files);
        Assert.Equal($"{target}\n", await host.RunAsync(image, "readlink /copied/leak"));
        await Assert.ThrowsAnyAsync<EngineException>(
            () => host.BuildAsync("FROM scratch AS s\nCOPY folder /\nFROM busybox\nCOPY --from=s /leak /copied", files));
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    public async Task Build_OfContextThatLeadsOut_IsRefused(string path)
    {
        await using var host = await BuildHost.StartAsync();
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync("FROM busybox", (path, "x")));
        Assert.Contains("leads out of the context", failure.Message);
        Assert.Contains("build context", (await Assert.ThrowsAnyAsync<EngineException>(
            () => host.BuildAsync(new BuildRequest(), Encoding.ASCII.GetBytes(new string('x', 2000))))).Message);
    }

    [Fact]
    public async Task Add_OfArchives_UnpacksLocalOnesUnlessToldNotTo()
    {
        await using var host = await BuildHost.StartAsync();
        var archive = BuildHost.Context(("inner/file", "in the archive"));
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(archive);
        }

        var context = Context(
            ("Dockerfile", "FROM busybox\nADD a.tar.gz /unpacked\nADD --unpack=false a.tar.gz /kept/\nADD plain.gz /plain/"u8.ToArray()),
            ("a.tar.gz", packed.ToArray()), ("plain.gz", [0x1F, 0x8B, 0, 1, 2, 3]));
        var image = await host.BuildAsync(new BuildRequest { NetworkMode = "none" }, context);

        Assert.Equal("in the archive 1000\n", await host.RunAsync(image, "cat /unpacked/inner/file; stat -c ' %u' /unpacked/inner/file"));
        Assert.Equal("a.tar.gz\nplain.gz\n", await host.RunAsync(image, "ls /kept /plain | grep gz"));
    }

    [Fact]
    public async Task Add_OfAddresses_DownloadsAndChecks()
    {
        await using var host = await BuildHost.StartAsync();
        await using var files = await FileServer.StartAsync(new() { ["/dir/file.txt"] = "downloaded"u8.ToArray() });
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("downloaded"u8));

        var image = await host.BuildAsync($"FROM busybox\nADD --checksum=sha256:{digest} {files.Address}/dir/file.txt /got/");
        Assert.Equal("downloaded 600", await host.RunAsync(image, "cat /got/file.txt; stat -c ' %a' /got/file.txt | tr -d '\\n'"));

        var wrong = await Assert.ThrowsAnyAsync<EngineException>(
            () => host.BuildAsync($"FROM busybox\nADD --checksum=sha256:{new string('0', 64)} {files.Address}/dir/file.txt /got/"));
        Assert.Contains("digest mismatch", wrong.Message);
        await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync($"FROM busybox\nADD {files.Address}/nosuch /got/"));
        var remote = await FileServer.StartAsync(new() { ["/df"] = "FROM busybox\nLABEL from=remote"u8.ToArray() });
        await using (remote)
        {
            var built = await host.Builder.BuildAsync(new BuildRequest { Remote = $"{remote.Address}/df" }, null);
            Assert.Equal("remote", built.Config.Labels["from"]);
        }
    }

    private static byte[] Context(params (string Path, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
            }
        }

        return stream.ToArray();
    }
}
