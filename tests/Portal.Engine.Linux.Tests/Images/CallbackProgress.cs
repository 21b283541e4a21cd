using Portal.Engine.Images;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Calls back at once, on the reporting thread.</summary>
internal sealed class CallbackProgress(Action<TransferProgress> callback) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value) => callback(value);
}
