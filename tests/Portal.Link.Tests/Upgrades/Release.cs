using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Link.Tests.Upgrades;

/// <summary>What a portal has for hosts: an archive of an agent and its checksum.</summary>
internal sealed class Release(TestInstance instance)
{
    public const string Build = "2.0.0+new";

    public string Folder { get; } = Directory.CreateDirectory(instance.TempPath("downloads")).FullName;

    public string Archive => Path.Combine(Folder, Name);

    private static string Name =>
        $"portal-agent-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}.tar.gz";

    /// <summary>Packs an agent whose program is a script, as a release does.</summary>
    public async Task PackAsync(string program, string build = Build)
    {
        var folder = instance.TempPath("release");
        InstalledAgent.WriteVersion(folder, build, program);
        await Tool.RunAsync(
            "tar", "-C", folder, "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "-czf", Archive, ".");
        await WriteChecksumAsync(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Archive))));
    }

    public Task WriteChecksumAsync(string digest) => File.WriteAllTextAsync(Path.Combine(Folder, "SHA256SUMS"), $"{digest}  {Name}\n");
}
