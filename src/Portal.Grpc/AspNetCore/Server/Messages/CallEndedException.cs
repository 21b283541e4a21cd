namespace Grpc.AspNetCore.Server.Messages;

/// <summary>The client went away. A handler sees it as the cancellation that it is, with the cause inside.</summary>
internal sealed class CallEndedException(Exception? cause, CancellationToken cancellationToken)
    : OperationCanceledException("The client ended the call.", cause, cancellationToken);
