using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Host;

/// <summary>The host's addresses and routes, and a lock that all engines of the machine share. Keeps no state.</summary>
internal sealed partial class LinuxHostSubnets(TimeProvider clock) : IHostSubnets
{
    // In /run itself, where only root makes files: in /run/lock another user could put a file in the way.
    private const string LockFile = "/run/portal-subnets.lock";
    private const int ExclusiveNonBlocking = 2 | 4;
    private const uint OwnerOnly = 0x180;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(5);

    public async Task<IDisposable> LockChoiceAsync(CancellationToken cancellationToken)
    {
        var handle = Open();
        try
        {
            while (!TryLock(handle))
            {
                await Task.Delay(s_retryDelay, clock, cancellationToken).ConfigureAwait(false);
            }

            // flock(2) ends with the last descriptor of the open file.
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public IReadOnlyList<IpSubnet> Used(string exceptInterface)
    {
        using var routes = RouteSocket.Open();
        var own = exceptInterface.Length > 0 ? routes.FindLink(exceptInterface)?.Index : null;
        var used = new List<IpSubnet>();
        used.AddRange(routes.Addresses()
            .Where(address => address.LinkIndex != own)
            .Select(address => new IpSubnet(address.Address, address.PrefixLength)));
        used.AddRange(routes.Routes()
            .Where(route => route.LinkIndex != own || own is null)
            .Select(route => new IpSubnet(route.Destination, route.PrefixLength)));
        return used;
    }

    private static SafeFileHandle Open()
    {
        // File.OpenHandle takes a lock of its own on what it opens.
        var flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.CloseOnExec | OpenFlags.NoFollow;
        var handle = Native.Open(LockFile, flags, OwnerOnly);
        return handle.IsInvalid ? throw FileCalls.Failure("open", LockFile) : handle;
    }

    private static bool TryLock(SafeFileHandle handle)
    {
        if (Native.Lock(handle, ExclusiveNonBlocking) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is Errno.TryAgain or Errno.Interrupted ? false : throw new FileCallException(error, "lock", LockFile);
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags, uint mode);

        [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
        public static partial int Lock(SafeFileHandle handle, int operation);
    }
}
