using Grpc.Core;
using Portal.Contracts.Files.V1;
using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Agent.Services.Files;

/// <summary>
/// The bytes of one file's upload. Its end is only an end when the sender said so: a connection that broke off must not look like a whole
/// file.
/// </summary>
internal sealed class FileUploadStream(IAsyncStreamReader<WriteFileRequest> requests) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest;
    private long _received;
    private bool _isComplete;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty && !_isComplete)
        {
            if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                throw EngineException.InvalidArgument("The upload broke off, so nothing was kept of it. Send the file again.");
            }

            Take(requests.Current);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Take(WriteFileRequest request)
    {
        switch (request.EventCase)
        {
            case WriteFileRequest.EventOneofCase.Data:
                _rest = request.Data.Memory;
                _received += _rest.Length;
                break;
            case WriteFileRequest.EventOneofCase.SizeBytes when request.SizeBytes == _received:
                _isComplete = true;
                break;
            case WriteFileRequest.EventOneofCase.SizeBytes:
                throw EngineException.InvalidArgument(
                    $"{_received} bytes came of a file of {request.SizeBytes}, so nothing was kept of it. Send the file again.");
            default:
                throw EngineException.InvalidArgument("After the first message only data and the end may come.");
        }
    }
}
