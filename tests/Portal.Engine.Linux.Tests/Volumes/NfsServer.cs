using System.Diagnostics;
using Portal.Engine.Linux.Tests.Networks;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>The kernel's NFS server on another machine, which is a namespace: one folder, by NFS 4 alone.</summary>
internal sealed class NfsServer : IAsyncDisposable
{
    // Its tables are its own: the host may serve files too. Only the program that answers the kernel's questions stays.
    private const string Script = """
        set -e
        modprobe nfsd
        mount -t tmpfs none /var/lib/nfs
        mkdir -p /var/lib/nfs/rpc_pipefs /var/lib/nfs/v4recovery
        touch /var/lib/nfs/etab /var/lib/nfs/rmtab
        mount -t nfsd nfsd /proc/fs/nfsd
        exportfs -i -o rw,no_root_squash,no_subtree_check,fsid=0,insecure "*:$1"
        rpc.nfsd --no-nfs-version 3 --lease-time 10 --grace-time 10 2
        exec rpc.mountd --foreground --no-nfs-version 3
        """;

    private readonly OutsideHost _machine;
    private readonly Process _process;

    private NfsServer(OutsideHost machine, Process process) => (_machine, _process) = (machine, process);

    public string Address => _machine.Address.ToString();

    public static async Task<NfsServer> StartAsync(string folder)
    {
        var machine = OutsideHost.Start();
        var start = new ProcessStartInfo("nsenter", [
            $"--net={machine.NamespacePath}", "unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", folder,
        ]) { RedirectStandardError = true };
        var server = new NfsServer(machine, Process.Start(start)!);
        await Disposal.UnlessBegunAsync(server.ServesAsync, () => server.DisposeAsync().AsTask());
        return server;
    }

    /// <summary>Takes the machine from the network, or puts it back.</summary>
    public Task PlugAsync(bool isIn) => Tool.RunAsync("ip", "link", "set", _machine.Link, isIn ? "up" : "down");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Its threads are the kernel's and would outlive the namespace's last process.
            await Tool.TryRunAsync("nsenter", "--target", $"{_process.Id}", "--net", "--mount", "rpc.nfsd", "0");
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _machine.DisposeAsync();
    }

    private async Task ServesAsync()
    {
        // The shell becomes that program when all is ready.
        var program = new FileInfo($"/proc/{_process.Id}/exe");
        bool Serves() => program.ResolveLinkTarget(returnFinalTarget: false)?.Name == "rpc.mountd";
        await Eventually.HoldsAsync(() => _process.HasExited || Serves(), "the NFS server answers");
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"no NFS server starts here: {await _process.StandardError.ReadToEndAsync()}");
        }
    }
}
