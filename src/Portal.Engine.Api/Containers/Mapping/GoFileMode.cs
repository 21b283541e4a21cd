namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Modes in the form of Go's <c>os.FileMode</c>, which has its own bits for all but permissions.</summary>
internal static class GoFileMode
{
    private const int TypeMask = 0xF000;

    public static uint From(int mode)
    {
        var converted = (uint)mode & 0x1FF;
        converted |= (mode & TypeMask) switch
        {
            0x4000 => 1u << 31, // folder
            0xA000 => 1u << 27, // symbolic link
            0x6000 => 1u << 26, // block device
            0x2000 => (1u << 26) | (1u << 21), // character device
            0x1000 => 1u << 25, // pipe
            0xC000 => 1u << 24, // socket
            _ => 0,
        };
        converted |= (mode & 0x800) != 0 ? 1u << 23 : 0;
        converted |= (mode & 0x400) != 0 ? 1u << 22 : 0;
        converted |= (mode & 0x200) != 0 ? 1u << 20 : 0;
        return converted;
    }
}
