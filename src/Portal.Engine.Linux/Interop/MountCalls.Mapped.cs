using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>Mounts that show other owners than the disk has: open_tree(2), mount_setattr(2), move_mount(2).</summary>
internal static partial class MountCalls
{
    // The same numbers on all architectures (asm-generic/unistd.h).
    private const long OpenTreeNumber = 428;
    private const long MoveMountNumber = 429;
    private const long SetAttributesNumber = 442;
    private const int CurrentFolder = -100;
    private const uint CloneTree = 1;
    private const uint CloseTreeOnExec = 0x80000;
    private const uint EmptyPath = 0x1000;
    private const uint MoveFromEmptyPath = 0x4;
    private const ulong ReadOnlyAttribute = 0x1;
    private const ulong MapIdsAttribute = 0x100000;

    /// <summary>
    /// Mounts a folder at another one with the ids of a user namespace: what is its id 0 on the disk is shown as what stands for id 0
    /// there.
    /// </summary>
    /// <exception cref="FileCallException">EINVAL: the file system can't show other owners; ENOSYS: the kernel is older than
    /// 5.12.</exception>
    public static void MountMapped(string source, string target, SafeFileHandle userNamespace, bool isReadOnly)
    {
        using var tree = Native.OpenTree(OpenTreeNumber, CurrentFolder, source, CloneTree | CloseTreeOnExec) is var number and >= 0
            ? new SafeFileHandle((nint)number, ownsHandle: true)
            : throw FileCalls.Failure("open mount", source);
        var attributes = new MountAttributes
        {
            Set = MapIdsAttribute | (isReadOnly ? ReadOnlyAttribute : 0),
            Propagation = PrivateFlag,
            UserNamespace = (ulong)userNamespace.DangerousGetHandle(),
        };
        Check(
            (int)Native.SetAttributes(SetAttributesNumber, tree, "", EmptyPath, ref attributes, (nuint)Marshal.SizeOf<MountAttributes>()),
            "map owners of",
            source);
        Check((int)Native.MoveMount(MoveMountNumber, tree, "", CurrentFolder, target, MoveFromEmptyPath), "mount at", target);
    }

    /// <summary>struct mount_attr (mount_setattr(2)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }

    private static partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long OpenTree(long number, int folder, string path, uint flags);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long MoveMount(
            long number, SafeFileHandle tree, string path, int folder, string target, uint flags);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long SetAttributes(
            long number, SafeFileHandle tree, string path, uint flags, ref MountAttributes attributes, nuint size);
    }
}
