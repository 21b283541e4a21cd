namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Calls back at once, on the reporting thread.</summary>
internal sealed class CallbackProgress<T>(Action<T> callback) : IProgress<T>
{
    public void Report(T value) => callback(value);
}
