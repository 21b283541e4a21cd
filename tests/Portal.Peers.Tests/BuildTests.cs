using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;
using Portal.Engine.Linux.Hosting;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Testing;
using Portal.Testing.Images;

namespace Portal.Peers.Tests;

/// <summary>The same Dockerfile and context, built here and by dockerd's classic builder, give the same configuration and the same files.</summary>
public sealed partial class BuildTests
{
    // Who, what kind, which mode and which content; times differ by nature, and three files are mounted into every container.
    private const string Describe =
        "find / -xdev ! -path /etc/hosts ! -path /etc/hostname ! -path /etc/resolv.conf ! -path '/proc*' ! -path '/dev*' ! -path '/sys*' "
        + "-exec stat -c '%n|%F|%a|%u:%g|%N' {} + | sort; find / -xdev -type f ! -path /etc/hosts ! -path /etc/hostname ! -path /etc/resolv.conf "
        + "! -path '/dev*' -exec sha256sum {} + | sort -k 2";

    public static TheoryData<string> Names => [.. BuildCorpus.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Build_OfCorpus_IsLikeDockers(string name)
    {
        var (dockerfile, files) = BuildCorpus.Cases[name];
        await using var docker = await DockerPeer.StartAsync();
        var instance = new TestInstance();
        await using var services = Start(instance);
        try
        {
            await services.GetRequiredService<IEngine>().StartAsync();
            var busybox = await BusyboxImages.WriteDockerArchiveAsync(instance.TempPath("busybox.tar"));
            await docker.RunAsync("load", "-i", busybox);
            await LoadAsync(services, busybox);
            var folder = Directory.CreateDirectory(instance.TempPath("context")).FullName;
            Write(folder, [("Dockerfile", dockerfile), .. files]);

            await docker.RunAsync("build", "--network", "none", "-t", "theirs:1", folder);
            var ours = await BuildAsync(services, folder);
            var archive = instance.TempPath("theirs.tar");
            await docker.RunAsync("save", "-o", archive, "theirs:1");
            await LoadAsync(services, archive);

            Assert.Equal(
                await ConfigurationAsync(services, "theirs:1", instance.TempPath("theirs-config")),
                await ConfigurationAsync(services, ours.Id, instance.TempPath("ours-config")));
            Assert.Equal(await FilesAsync(services, "theirs:1"), await FilesAsync(services, ours.Id));
        }
        finally
        {
            await services.GetRequiredService<INetworkTeardown>().RemoveAllAsync();
            await services.DisposeAsync();
            await instance.DisposeAsync();
        }
    }

    private static ServiceProvider Start(TestInstance instance)
    {
        var options = new EngineOptions { Name = instance.Name, DataRoot = instance.DataRoot, RunRoot = instance.RunRoot };
        return new ServiceCollection().AddLogging().AddEngine(options).AddLinuxEngine().BuildServiceProvider();
    }

    private static void Write(string folder, IEnumerable<(string Path, string Content)> files)
    {
        foreach (var (path, content) in files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (content.StartsWith("->", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(full, content[2..]);
            }
            else if (content == "TAR")
            {
                using var tar = new TarWriter(File.Create(full));
                var added = new PaxTarEntry(TarEntryType.RegularFile, "added/file") { DataStream = new MemoryStream("x"u8.ToArray()) };
                (added.Uid, added.Gid) = (5, 6);
                tar.WriteEntry(added);
            }
            else
            {
                File.WriteAllText(full, content);
            }
        }
    }

    private static async Task LoadAsync(IServiceProvider services, string archive)
    {
        await using var stream = File.OpenRead(archive);
        await services.GetRequiredService<IImages>().LoadAsync(stream);
    }

    private static async Task<ImageDetails> BuildAsync(IServiceProvider services, string folder)
    {
        using var context = new MemoryStream();
        await TarFile.CreateFromDirectoryAsync(folder, context, includeBaseDirectory: false);
        context.Position = 0;
        return await services.GetRequiredService<IBuilder>().BuildAsync(new BuildRequest { NetworkMode = "none" }, context);
    }

    /// <summary>What containers inherit, without what is empty; and each step with whether it made a layer.</summary>
    private static async Task<string> ConfigurationAsync(IServiceProvider services, string image, string folder)
    {
        var details = await services.GetRequiredService<IImages>().InspectAsync(image);
        var path = Path.Combine(folder, "image.tar");
        Directory.CreateDirectory(folder);
        await using (var file = File.Create(path))
        {
            await services.GetRequiredService<IImageArchives>().SaveAsync([details.Id], file);
        }

        var document = JsonNode.Parse(ReadEntry(path, $"blobs/sha256/{details.Id["sha256:".Length..]}"))!;
        var config = document["config"]!.AsObject();
        string[] members =
        [
            "Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "OnBuild", "Shell", "StopSignal", "User", "Volumes", "WorkingDir",
        ];
        var text = new StringBuilder();
        foreach (var member in members.Where(member => config[member] is { } value && value.ToJsonString() is not ("\"\"" or "[]" or "{}")))
        {
            text.Append(member).Append(' ').Append(Sorted(config[member]!)).Append('\n');
        }

        text.Append((string?)document["author"]).Append('\n');
        foreach (var step in document["history"]!.AsArray())
        {
            // A copy is named by a hash of each builder's own kind, and dockerd loses the space behind the owner.
            var created = (string?)step!["created_by"] ?? "";
            created = created.Contains("HEALTHCHECK", StringComparison.Ordinal) ? "HEALTHCHECK" : Hash().Replace(created, " ");
            text.Append(created).Append('|').Append(step["empty_layer"] is not null).Append('\n');
        }

        return text.ToString();
    }

    [GeneratedRegex("[0-9a-f]{64}| --chown=[0-9:]+ ?(?=[a-z])")]
    private static partial Regex Hash();

    private static string Sorted(JsonNode node) => node is JsonObject map
        ? string.Join(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}"))
        : node.ToJsonString();

    private static string ReadEntry(string archive, string name)
    {
        using var reader = new TarReader(File.OpenRead(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var text = new StreamReader(entry.DataStream!);
                return text.ReadToEnd();
            }
        }

        throw new FileNotFoundException(name);
    }

    private static async Task<string> FilesAsync(IServiceProvider services, string image)
    {
        var containers = services.GetRequiredService<IContainers>();
        var created = await containers.CreateAsync(new ContainerSpec
        {
            Image = image, Entrypoint = ["/bin/sh", "-c"], Command = [Describe], NetworkMode = "none", User = "0",
        });
        await containers.StartAsync(created.Id);
        await containers.WaitAsync(created.Id);
        var text = new StringBuilder();
        await foreach (var record in services.GetRequiredService<IContainerLogs>().ReadAsync(created.Id, new LogQuery()))
        {
            text.Append(Encoding.UTF8.GetString(record.Data.Span));
        }

        await containers.RemoveAsync(created.Id, force: true, removeVolumes: true);
        return text.ToString();
    }
}
