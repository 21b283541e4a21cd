using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Loading;

namespace Portal.Engine.Images.Hosts;

/// <summary>Makes an image of the host's own busybox. The same program gives the same image, bit for bit.</summary>
internal sealed class HostBusybox(ContentStore content, ContentLeases leases, ImageAssembler assembler)
{
    private const string Name = "docker.io/library/busybox:latest";
    private const UnixFileMode Everybody = (UnixFileMode)0x1ED; // 0755
    private const UnixFileMode Readable = (UnixFileMode)0x1A4; // 0644
    private const UnixFileMode Shared = (UnixFileMode)0x3FF; // 1777
    private static readonly string[] s_folders =
        ["bin", "dev", "etc", "home", "proc", "root", "sys", "tmp", "usr", "usr/bin", "usr/sbin", "var", "var/tmp"];

    public async Task<ImageDetails> CreateAsync(CancellationToken cancellationToken)
    {
        var program = HostBusyboxProgram.Find()
            ?? throw EngineException.NotFound(
                "This host has no statically linked busybox. Install the package 'busybox-static' and try again.");
        var applets = await ListAppletsAsync(program, cancellationToken).ConfigureAwait(false);
        using var lease = leases.Begin();
        var built = File.GetLastWriteTimeUtc(program);
        var layer = await WriteLayerAsync(program, applets, built, lease, cancellationToken).ConfigureAwait(false);
        var configuration = Encoding.UTF8.GetBytes(Configure(layer, built).ToJsonString());
        lease.Hold(Digest.Of(configuration));
        var id = await content.WriteAsync(configuration, cancellationToken).ConfigureAwait(false);
        var image = new ArchivedImage(id, [layer], null, [Name]);
        var made = await assembler.AssembleAsync(image, lease, null, cancellationToken).ConfigureAwait(false);
        return made[^1];
    }

    private static async Task<IReadOnlyList<string>> ListAppletsAsync(string program, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(program, ["--list"]) { RedirectStandardOutput = true } };
        try
        {
            process.Start();
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return
            [
                .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Where(applet => applet != "busybox" && !applet.Contains('/'))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Win32Exception failure)
        {
            throw new EngineException(
                EngineErrorKind.NotFound, $"The host's '{program}' can't be run. Is it for this processor?", failure);
        }
    }

    private async Task<Digest> WriteLayerAsync(
        string program, IReadOnlyList<string> applets, DateTime time, ContentLease lease, CancellationToken cancellationToken)
    {
        using var writer = content.BeginWrite();
        using var buffer = new MemoryStream();
        var tar = new TarWriter(buffer, TarEntryFormat.Ustar, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            foreach (var folder in s_folders)
            {
                Add(tar, TarEntryType.Directory, folder + "/", folder.EndsWith("tmp", StringComparison.Ordinal) ? Shared : Everybody, time);
            }

            AddFile(tar, "etc/group", Readable, time, new MemoryStream("root:x:0:\nnogroup:x:65534:\n"u8.ToArray()));
            AddFile(tar, "etc/passwd", Readable, time, new MemoryStream(
                "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"u8.ToArray()));
            var file = File.OpenRead(program);
            await using (file.ConfigureAwait(false))
            {
                AddFile(tar, "bin/busybox", Everybody, time, file);
            }

            foreach (var applet in applets)
            {
                Add(tar, TarEntryType.HardLink, $"bin/{applet}", Everybody, time, "bin/busybox");
            }
        }

        await writer.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellationToken).ConfigureAwait(false);
        return writer.Commit(onDigest: lease.Hold);
    }

    private static void AddFile(TarWriter tar, string path, UnixFileMode mode, DateTime time, Stream data) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = mode, ModificationTime = time, DataStream = data });

    private static void Add(TarWriter tar, TarEntryType type, string path, UnixFileMode mode, DateTime time, string? link = null)
    {
        var entry = new UstarTarEntry(type, path) { Mode = mode, ModificationTime = time };
        if (link is not null)
        {
            entry.LinkName = link;
        }

        tar.WriteEntry(entry);
    }

    private static JsonObject Configure(Digest layer, DateTime time)
    {
        var created = time.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["created"] = created,
            ["architecture"] = PlatformChoice.Host.Architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                ["Cmd"] = new JsonArray("sh"),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(layer.ToString()) },
            ["history"] = new JsonArray(new JsonObject { ["created"] = created, ["created_by"] = "busybox of the host" }),
        };
    }
}
