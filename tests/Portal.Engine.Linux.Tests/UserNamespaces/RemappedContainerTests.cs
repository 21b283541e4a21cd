using System.Formats.Tar;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Mounts;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Trees;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.UserNamespaces;

/// <summary>Containers whose ids stand for others on the host, seen from inside and from outside.</summary>
public sealed class RemappedContainerTests(MappedEngineFixture fixture) : IClassFixture<MappedEngineFixture>
{
    private const uint Base = MappedEngineFixture.Base;
    private readonly KernelEngine _engine = fixture.Engine;

    private IContainerTrees Trees => _engine.Services.GetRequiredService<IContainerTrees>();

    [Fact]
    public async Task Run_Root_IsSomebodyElseOnTheHost()
    {
        var id = await _engine.RunAsync("sleep 1000");
        var processId = (await _engine.Containers.InspectAsync(id)).ProcessId;

        Assert.Equal(["0", $"{Base}", "65536"], Words(await File.ReadAllTextAsync($"/proc/{processId}/uid_map")));
        Assert.Equal(["0", $"{Base}", "65536"], Words(await File.ReadAllTextAsync($"/proc/{processId}/gid_map")));
        var status = await File.ReadAllLinesAsync($"/proc/{processId}/status");
        Assert.Contains($"Uid:\t{Base}\t{Base}\t{Base}\t{Base}", status);
        Assert.Contains($"Gid:\t{Base}\t{Base}\t{Base}\t{Base}", status);
    }

    [Fact]
    public async Task Run_Root_OwnsItsFilesAndMayGiveThemAway()
    {
        Assert.Equal(
            "0\n0:0\n5:6\n0:0\n",
            await OutputAsync("id -u; stat -c %u:%g /etc/passwd; touch /a; chown 5:6 /a; stat -c %u:%g /a; stat -c %u:%g /etc/hosts"));
    }

    [Fact]
    public async Task Run_UserOfTheImage_IsMapped()
    {
        var id = await _engine.RunAsync("id -u; sleep 1000", spec => spec with { User = "nobody" });
        var processId = (await _engine.Containers.InspectAsync(id)).ProcessId;

        Assert.Contains($"Uid:\t{Base + 65534}\t", await File.ReadAllTextAsync($"/proc/{processId}/status"));
    }

    [Fact]
    public async Task Run_UserBeyondTheMapping_FailsAndSaysSo()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.RunAsync("true", spec => spec with { User = "70000" }));

        Assert.Matches("unmapped user|70000", failure.Message);
    }

    [Fact]
    public async Task Run_OverTheNetwork_HasAnInterfaceAndItsOwnSysctls()
    {
        Assert.Equal(
            "eth0\nlo\n1\n0\n",
            await OutputAsync(
                "ls /sys/class/net; cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_unprivileged_port_start",
                spec => spec with { Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" } }));
    }

    [Fact]
    public async Task Run_HostnameAndDomain_AreSet()
    {
        Assert.Equal(
            "box\nexample.org\n",
            await OutputAsync(
                "hostname; cat /proc/sys/kernel/domainname", spec => spec with { Hostname = "box", Domainname = "example.org" }));
    }

    [Fact]
    public async Task Run_SettingsOfTheHost_CannotBeChanged()
    {
        var output = await OutputAsync(
            "echo x > /proc/sys/kernel/domainname; echo 9 > /proc/sys/kernel/panic; mount -t tmpfs x /tmp; mknod /n c 1 3; echo end",
            spec => spec with { CapabilitiesToAdd = ["ALL"], SecurityOptions = ["seccomp=unconfined", "systempaths=unconfined"] });

        // All capabilities, but in its own namespace: a mount of its own it may make, the host's kernel it may not touch.
        // Output and errors come through two pipes: their order is nobody's.
        Assert.Contains("end\n", output);
        Assert.Contains("mknod: /n: Operation not permitted", output);
        Assert.Contains("can't create /proc/sys/kernel/panic: Permission denied", output);
        Assert.Contains("can't create /proc/sys/kernel/domainname: Permission denied", output);
    }

    [Fact]
    public async Task Volume_FileOfRoot_HasTheMappedOwner()
    {
        var id = await _engine.RunAsync(
            "touch /data/a; chown 7 /data/a; touch /data/b",
            spec => spec with { Binds = ["owned:/data"] });

        Assert.Equal(0, await _engine.Containers.WaitAsync(id));
        var data = Path.Combine(_engine.Instance.DataRoot, "volumes/owned/_data");
        Assert.Equal($"{Base}:{Base}", await OwnerAsync(data));
        Assert.Equal($"{Base + 7}:{Base}", await OwnerAsync(Path.Combine(data, "a")));
        Assert.Equal($"{Base}:{Base}", await OwnerAsync(Path.Combine(data, "b")));
    }

    [Fact]
    public async Task Volume_FilledFromTheImage_HasTheMappedOwners()
    {
        var id = await _engine.RunAsync("touch /etc/new", spec => spec with { Binds = ["filled:/etc"] });

        Assert.Equal(0, await _engine.Containers.WaitAsync(id));
        var data = Path.Combine(_engine.Instance.DataRoot, "volumes/filled/_data");
        Assert.Equal($"{Base}:{Base}", await OwnerAsync(Path.Combine(data, "passwd")));
        Assert.Equal($"{Base}:{Base}", await OwnerAsync(Path.Combine(data, "new")));
    }

    [Fact]
    public async Task Bind_FileOfTheHostsRoot_CannotBeWritten()
    {
        var folder = _engine.Instance.TempPath("hosts-own");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, "as it was");

        var output = await OutputAsync(
            "id -u; echo x > /host/file; touch /host/new; chown 0 /host/file; chmod 777 /host/file; cat /host/file; stat -c %u /host/file",
            spec => spec with { Binds = [$"{folder}:/host"] });

        Assert.Contains("as it was65534\n", output);
        Assert.Equal("as it was", await File.ReadAllTextAsync(file));
        Assert.Equal([file], Directory.GetFiles(folder));
        Assert.Equal("0:0", await OwnerAsync(file));
    }

    [Fact]
    public async Task Bind_FolderThatTheEngineMakes_IsTheContainersRoots()
    {
        var folder = _engine.Instance.TempPath("made-for-it");
        Assert.Equal("", await OutputAsync("touch /made/file", spec => spec with { Binds = [$"{folder}:/made"] }));

        Assert.Equal($"{Base}:{Base}", await OwnerAsync(Path.Combine(folder, "file")));
    }

    [Fact]
    public async Task Tmpfs_AndSharedMemory_AreTheContainersRoots()
    {
        Assert.Equal(
            "0:0\n0:0\n0:0\n",
            await OutputAsync(
                "stat -c %u:%g /scratch /dev/shm /dev/pts; echo x > /scratch/x; echo x > /dev/shm/x",
                spec => spec with { Tmpfs = new Dictionary<string, string> { ["/scratch"] = "mode=700" }, IpcMode = "shareable" }));
    }

    [Fact]
    public async Task UsernsHost_HasTheHostsIds()
    {
        Assert.Equal(
            ["0", "0", "4294967295"],
            Words(await OutputAsync("cat /proc/self/uid_map", spec => spec with { UsernsMode = "host" })));
    }

    [Fact]
    public async Task Auto_TwoContainers_HaveIdsThatDoNotMeet()
    {
        static ContainerSpec Auto(ContainerSpec spec) => spec with { UsernsMode = "auto:size=60000" };
        var first = Words(await OutputAsync("cat /proc/self/uid_map", Auto));
        var second = Words(await OutputAsync("cat /proc/self/uid_map", Auto));

        Assert.Equal(["0", "60000"], [first[0], first[2]]);
        Assert.Equal(60_000u, uint.Parse(second[1]) - uint.Parse(first[1]));
        var third = await Assert.ThrowsAsync<EngineException>(() => _engine.RunAsync("true", Auto));
        Assert.Equal(EngineErrorKind.Unavailable, third.Kind);
        Assert.Contains("60000 ids in a row", third.Message);
    }

    [Fact]
    public async Task Network_OfAnother_IsSharedWithItsUserNamespace()
    {
        var owner = await _engine.RunAsync("sleep 1000");
        var joined = await _engine.RunAsync("sleep 1000", spec => spec with { NetworkMode = $"container:{owner}" });

        Assert.Equal(await NamespaceAsync(owner, "user"), await NamespaceAsync(joined, "user"));
        Assert.Equal(await NamespaceAsync(owner, "net"), await NamespaceAsync(joined, "net"));
        Assert.NotEqual(await NamespaceAsync(owner, "pid"), await NamespaceAsync(joined, "pid"));
        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.RunAsync(
            "true", spec => spec with { NetworkMode = $"container:{owner}", UsernsMode = "host" }));
        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Contains("must also share a user namespace", failure.Message);
    }

    [Fact]
    public async Task Containers_HaveUserNamespacesOfTheirOwn()
    {
        var first = await _engine.RunAsync("sleep 1000");
        var second = await _engine.RunAsync("sleep 1000");

        Assert.NotEqual(await NamespaceAsync(first, "user"), await NamespaceAsync(second, "user"));
    }

    [Fact]
    public async Task Exec_IsInTheUserNamespace()
    {
        var id = await _engine.RunAsync("sleep 1000");

        Assert.Contains($"0 {Base} 65536", await ExecAsync(id, "cat", "/proc/self/uid_map"));
    }

    [Fact]
    public async Task CopyIn_ThenOut_KeepsOwnersAndCapabilities()
    {
        var id = await _engine.RunAsync("sleep 1000");

        // cap_net_raw+ep of the container's root, as setcap(8) writes it (linux/capability.h, struct vfs_cap_data).
        var capability = Convert.FromHexString("0100000200200000000000000000000000000000");
        await Trees.WriteAsync(id, "/tmp", Archive("deep/er/file", 7, 8, capability));

        Assert.Equal("7:8\n0:0\n0:0\n", await ExecAsync(id, "stat", "-c", "%u:%g", "/tmp/deep/er/file", "/tmp/deep/er", "/tmp/deep"));
        var entry = Assert.Single(await ReadAsync(id, "/tmp/deep/er/file"));
        Assert.Equal((7, 8), (entry.Uid, entry.Gid));
        Assert.Equal(
            Encoding.Latin1.GetString(capability),
            Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(entry.ExtendedAttributes["SCHILY.xattr.security.capability"])));
    }

    [Fact]
    public async Task CopyIn_OwnerBeyondTheMapping_IsRefused()
    {
        var id = await _engine.RunAsync("sleep 1000");

        var failure = await Assert.ThrowsAsync<EngineException>(() => Trees.WriteAsync(id, "/tmp", Archive("file", 70_000, 0)));

        Assert.Contains("Container ID 70000 cannot be mapped to a host ID", failure.Message);
    }

    [Fact]
    public async Task Diff_OfTheSameChanges_IsTheSameAsWithoutMapping()
    {
        // What was written is kept with the ids inside, so an image that is made of it is the same on every host.
        const string Script = "echo text > /tmp/f; chown 5:6 /tmp/f; mkdir /tmp/d; chown 1000 /tmp/d; ln -s f /tmp/l; rm /etc/group; "
            + "chmod 4755 /tmp/f; touch -h -d @1000000000 /tmp/f /tmp/d /tmp/l /tmp /etc";
        var mapped = await _engine.RunAsync(Script);
        var plain = await _engine.RunAsync(Script, spec => spec with { UsernsMode = "host" });
        await _engine.Containers.WaitAsync(mapped);
        await _engine.Containers.WaitAsync(plain);

        Assert.Equal(await DiffAsync(plain), await DiffAsync(mapped));
        Assert.Equal(Trees.ListChanges(plain), Trees.ListChanges(mapped));
    }

    [Fact]
    public async Task Export_HasTheOwnersInside()
    {
        var id = await _engine.RunAsync("touch /tmp/f; chown 9:10 /tmp/f");
        await _engine.Containers.WaitAsync(id);
        using var archive = new MemoryStream();
        await Trees.ExportAsync(id, archive);
        archive.Position = 0;
        using var reader = new TarReader(archive);
        var owners = new Dictionary<string, (int, int)>();
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            owners[entry.Name] = (entry.Uid, entry.Gid);
        }

        Assert.Equal((9, 10), owners["tmp/f"]);
        Assert.Equal((0, 0), owners["etc/passwd"]);
    }

    private static MemoryStream Archive(string name, int user, int group, byte[]? capability = null)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            // Values of these records are bytes; the writer takes text, of which the ones used here are the same in UTF-8.
            var attributes = capability is null
                ? []
                : new Dictionary<string, string> { ["SCHILY.xattr.security.capability"] = Encoding.Latin1.GetString(capability) };
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name, attributes)
            {
                Uid = user, Gid = group, DataStream = new MemoryStream("text"u8.ToArray()),
            });
        }

        archive.Position = 0;
        return archive;
    }

    private async Task<List<PaxTarEntry>> ReadAsync(string id, string path)
    {
        using var archive = new MemoryStream();
        await Trees.ReadAsync(id, path, _ => ValueTask.FromResult<Stream>(archive));
        archive.Position = 0;
        using var reader = new TarReader(archive);
        var entries = new List<PaxTarEntry>();
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            entries.Add((PaxTarEntry)entry);
        }

        return entries;
    }

    private async Task<string> DiffAsync(string id)
    {
        using var archive = new MemoryStream();
        await _engine.Services.GetRequiredService<ILayerTrees>().WriteDiffAsync(id, archive, wasRun: true);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(archive.ToArray()));
    }

    private async Task<string> OutputAsync(string script, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var id = await _engine.RunAsync(script, change);
        await _engine.Containers.WaitAsync(id);
        return await _engine.LogAsync(id);
    }

    private async Task<string> ExecAsync(string id, params string[] arguments)
    {
        var exec = await _engine.Execs.CreateAsync(id, new ExecSpec { Command = arguments, AttachStdout = true });
        var streams = await _engine.Execs.StartAsync(exec, detach: false);
        await using (streams!.ConfigureAwait(false))
        {
            var output = new StringBuilder();
            while (await streams!.ReadAsync() is { } chunk)
            {
                output.Append(Encoding.UTF8.GetString(chunk.Data.Span));
            }

            return string.Join(' ', output.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private async Task<string?> NamespaceAsync(string id, string kind) =>
        new FileInfo($"/proc/{(await _engine.Containers.InspectAsync(id)).ProcessId}/ns/{kind}").LinkTarget;

    private static async Task<string> OwnerAsync(string path) => (await Tool.RunAsync("stat", "-c", "%u:%g", path)).Trim();

    private static string[] Words(string text) => text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
