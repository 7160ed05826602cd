;; Both passes of a resize. resize-vectors.ts has the machine code of this text, and a test that it
;; is; that file says what lies where.
(module
  (memory (export "memory") 1)
  ;; The horizontal pass, four bytes at a time: one pixel's channels are one vector.
  (func (export "resizeRows")
    (param $in i32) (param $rowBytes i32) (param $pixelBytes i32) (param $height i32)
    (param $firsts i32) (param $counts i32) (param $weights i32) (param $strideBytes i32)
    (param $width i32) (param $out i32)
    (local $x i32) (local $from i32) (local $tap i32) (local $lastTap i32) (local $sum v128)
    (loop $rows
      (local.set $x (i32.const 0))
      (loop $columns
        (local.set $from
          (i32.add (local.get $in)
            (i32.load (i32.add (local.get $firsts) (i32.shl (local.get $x) (i32.const 2))))))
        (local.set $tap
          (i32.add (local.get $weights) (i32.mul (local.get $x) (local.get $strideBytes))))
        (local.set $lastTap
          (i32.add (local.get $tap)
            (i32.shl
              (i32.load (i32.add (local.get $counts) (i32.shl (local.get $x) (i32.const 2))))
              (i32.const 2))))
        ;; Half of the last place that is kept, so that cutting off rounds.
        (local.set $sum (i32x4.splat (i32.const 0x200000)))
        (loop $taps
          (local.set $sum
            (i32x4.add (local.get $sum)
              (i32x4.mul
                (i32x4.extend_low_i16x8_u
                  (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $from))))
                (v128.load32_splat (local.get $tap)))))
          (local.set $from (i32.add (local.get $from) (local.get $pixelBytes)))
          (local.set $tap (i32.add (local.get $tap) (i32.const 4)))
          (br_if $taps (i32.lt_u (local.get $tap) (local.get $lastTap))))
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        ;; Saturating twice is the clamp to 0 and 255. The fourth byte is the next pixel's first.
        (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
        (i32.store (local.get $out)
          (i32x4.extract_lane 0
            (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum))))
        (local.set $out (i32.add (local.get $out) (i32.const 3)))
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (br_if $columns (i32.lt_u (local.get $x) (local.get $width))))
      (local.set $in (i32.add (local.get $in) (local.get $rowBytes)))
      (local.set $height (i32.sub (local.get $height) (i32.const 1)))
      (br_if $rows (local.get $height))))

  ;; The vertical pass, sixteen bytes at a time. The last ones of a row may reach into the next.
  (func (export "resizeColumns")
    (param $in i32) (param $rowBytes i32) (param $firsts i32) (param $counts i32)
    (param $weights i32) (param $strideBytes i32) (param $height i32) (param $out i32)
    (local $x i32) (local $from i32) (local $tap i32) (local $lastTap i32)
    (local $bytes v128) (local $half v128) (local $weight v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (loop $rows
      (local.set $x (i32.const 0))
      (local.set $lastTap
        (i32.add (local.get $weights)
          (i32.shl (i32.load (local.get $counts)) (i32.const 2))))
      (loop $columns
        (local.set $from
          (i32.add (i32.add (local.get $in) (i32.load (local.get $firsts))) (local.get $x)))
        (local.set $tap (local.get $weights))
        (local.set $sum0 (i32x4.splat (i32.const 0x200000)))
        (local.set $sum1 (local.get $sum0))
        (local.set $sum2 (local.get $sum0))
        (local.set $sum3 (local.get $sum0))
        (loop $taps
          (local.set $bytes (v128.load (local.get $from)))
          (local.set $weight (v128.load32_splat (local.get $tap)))
          (local.set $half (i16x8.extend_low_i8x16_u (local.get $bytes)))
          (local.set $sum0
            (i32x4.add (local.get $sum0)
              (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $half)) (local.get $weight))))
          (local.set $sum1
            (i32x4.add (local.get $sum1)
              (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $half)) (local.get $weight))))
          (local.set $half (i16x8.extend_high_i8x16_u (local.get $bytes)))
          (local.set $sum2
            (i32x4.add (local.get $sum2)
              (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $half)) (local.get $weight))))
          (local.set $sum3
            (i32x4.add (local.get $sum3)
              (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $half)) (local.get $weight))))
          (local.set $from (i32.add (local.get $from) (local.get $rowBytes)))
          (local.set $tap (i32.add (local.get $tap) (i32.const 4)))
          (br_if $taps (i32.lt_u (local.get $tap) (local.get $lastTap))))
        (v128.store (i32.add (local.get $out) (local.get $x))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $sum0) (i32.const 22))
              (i32x4.shr_s (local.get $sum1) (i32.const 22)))
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $sum2) (i32.const 22))
              (i32x4.shr_s (local.get $sum3) (i32.const 22)))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $columns (i32.lt_u (local.get $x) (local.get $rowBytes))))
      (local.set $out (i32.add (local.get $out) (local.get $rowBytes)))
      (local.set $weights (i32.add (local.get $weights) (local.get $strideBytes)))
      (local.set $firsts (i32.add (local.get $firsts) (i32.const 4)))
      (local.set $counts (i32.add (local.get $counts) (i32.const 4)))
      (local.set $height (i32.sub (local.get $height) (i32.const 1)))
      (br_if $rows (local.get $height)))))
