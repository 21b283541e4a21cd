namespace Portal.Engine.Linux.Interop;

/// <summary>Error numbers that code here decides on (errno(3), asm-generic).</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int TooBig = 7;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NoDevice = 19;
    public const int NotFolder = 20;
    public const int IsFolder = 21;
    public const int Invalid = 22;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int Range = 34;
    public const int NameTooLong = 36;
    public const int NotImplemented = 38;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int ProtocolNotSupported = 93;
    public const int SocketTypeNotSupported = 94;
    public const int NotSupported = 95;
    public const int AddressInUse = 98;
    public const int AddressNotAvailable = 99;
    public const int QuotaExceeded = 122;
}
