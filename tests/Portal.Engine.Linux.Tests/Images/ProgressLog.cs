using System.Collections.Immutable;
using Portal.Engine.Images;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Keeps all reports in their order, as they come.</summary>
internal sealed class ProgressLog : IProgress<TransferProgress>
{
    private ImmutableList<TransferProgress> _all = [];

    public IReadOnlyList<TransferProgress> All => _all;

    public void Report(TransferProgress value) => ImmutableInterlocked.Update(ref _all, all => all.Add(value));
}
