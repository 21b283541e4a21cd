namespace Portal.Web.Features.Stacks.Git;

/// <summary>Reads what a program says, up to a bound.</summary>
internal static class BoundedReader
{
    /// <summary>All of it; what is beyond the bound is cut off, or is an error.</summary>
    /// <exception cref="GitException">It is more than the bound.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, long most, bool isCut, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var fits = (int)Math.Min(count, most - kept.Length);
            if (fits < count && !isCut)
            {
                throw new GitException(N("The repository has more in it than is read for a stack."));
            }

            kept.Write(buffer, 0, fits);
        }

        return kept.ToArray();
    }
}
