  ;; counts this thread; the one that completes the target wakes those that sleep
  (func $arrive (param $target i32)
    (if (i32.eq (i32.add (i32.atomic.rmw.add (i32.const 1065344) (i32.const 1)) (i32.const 1)) (local.get $target))
      (then (drop (memory.atomic.notify (i32.const 1065344) (i32.const -1)))))
  )
  ;; watches the count for a while, then sleeps until it changes, if it may; 1 when it gives up
  (func $wait (param $target i32) (param $maySleep i32) (result i32)
    (local $before i32)
    (local $count i32)
    (local $turns i32)
    (loop $again
      (if (i32.ge_s (local.tee $count (i32.atomic.load (i32.const 1065344))) (local.get $target)) (then (return (i32.const 0))))
      (if (i32.ne (local.get $count) (local.get $before)) (then
        (local.set $before (local.get $count))
        (local.set $turns (i32.const 0))))
      (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $turns) (i32.const 16384)))
      (if (local.get $maySleep)
        (then
          ;; 2: slept all that time
          (br_if $again (i32.ne (memory.atomic.wait32 (i32.const 1065344) (local.get $count) (i64.const 60000000000)) (i32.const 2)))
          (br_if $again (i32.ne (i32.atomic.load (i32.const 1065344)) (local.get $count))))
        (else (br_if $again (i32.lt_u (local.get $turns) (i32.const 4294967295)))))
      (return (i32.const 1)))
    (unreachable)
  )
  (func (export "runPart") (param $thread i32) (param $threads i32) (param $maySleep i32) (result i32)
    (if (i32.eqz (local.get $thread)) (then
      (call $call0)
    ))
    (call $arrive (i32.mul (i32.const 1) (local.get $threads)))
    (if (call $wait (i32.mul (i32.const 1) (local.get $threads)) (local.get $maySleep)) (then (return (i32.const 1))))
    (if (i32.eq (i32.rem_u (i32.const 0) (local.get $threads)) (local.get $thread)) (then (call $call1)))
    (if (i32.eq (i32.rem_u (i32.const 1) (local.get $threads)) (local.get $thread)) (then (call $call2)))
    (call $arrive (i32.mul (i32.const 2) (local.get $threads)))
    (if (call $wait (i32.mul (i32.const 2) (local.get $threads)) (local.get $maySleep)) (then (return (i32.const 1))))
    (if (i32.eqz (local.get $thread)) (then
      (call $call3)
    ))
    (call $arrive (i32.mul (i32.const 3) (local.get $threads)))
    (if (i32.eqz (local.get $thread)) (then (if (call $wait (i32.mul (i32.const 3) (local.get $threads)) (local.get $maySleep)) (then (return (i32.const 1))))))
    (i32.const 0)
  )
)
