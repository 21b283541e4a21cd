using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary>Flags of open(2). O_DIRECTORY and O_NOFOLLOW have other numbers on arm64 than on x86-64.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 0x1;
    public const int ReadWrite = 0x2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int NoAccessTime = 0x40000;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;
    /// <summary>A file without a name, in the folder that is opened.</summary>
    public static readonly int Temporary = 0x400000 | Directory;

    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    public static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64;
}
